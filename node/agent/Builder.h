#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "src/base/Status.h"

namespace chancery::agent {

/// What Fabric's peers ask of an external builder for contracts that run as a service of their own:
///
///   detect  SOURCE METADATA          OK when METADATA/metadata.json has the type "ccaas"
///   build   SOURCE METADATA OUTPUT   checks SOURCE/connection.json and keeps it in OUTPUT
///   release OUTPUT RELEASE           puts it where the peer looks for it
///
/// FAILED_PRECONDITION (OTHER_CONTRACT), INVALID_ARGUMENT (BAD_CONNECTION, BAD_BUILDER_CALL), and
/// errors of files.
Status runBuilder(const std::vector<std::string_view>& arguments);

}  // namespace chancery::agent

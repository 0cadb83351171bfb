#pragma once

// For the sources of this folder.
#include <string>

#include "src/base/Status.h"

namespace protos {
class CollectionConfigPackage;
}

namespace chancery::usecase {

/// Fabric's collections_config.json. INVALID_ARGUMENT (BAD_COLLECTIONS) with the entry.
Status readCollectionsJson(const std::string& json, ::protos::CollectionConfigPackage& to);

}  // namespace chancery::usecase

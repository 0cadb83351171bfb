#pragma once

#include <string>
#include <vector>

namespace common {
class Config;
class Envelope;
}  // namespace common

#include "src/usecase/IdentityNames.h"

namespace chancery::usecase {

/// What changes from one configuration to the next, in sentences. `before` null: the first
/// configuration of a channel, told as a whole.
std::vector<std::string> tellConfigChange(const ::common::Config* before,
                                          const ::common::Config& after);

/// Who signed the update (a CONFIG_UPDATE envelope): its config signatures, each identity once.
std::vector<IdentityName> signersOf(const ::common::Envelope& update, IdentityNames& names);

}  // namespace chancery::usecase

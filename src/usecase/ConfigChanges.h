#pragma once

#include <vector>

#include "src/usecase/ConfigChange.h"
#include "src/usecase/IdentityNames.h"

namespace common {
class Config;
class ConfigUpdate;
class Envelope;
}  // namespace common

namespace chancery::channel {
struct Change;
}

namespace chancery::usecase {

std::vector<ConfigChange> describe(const std::vector<channel::Change>& changes);

/// What changes from one configuration to the next. `before` null: the configuration as a whole.
/// What cannot be compared is told as such.
std::vector<ConfigChange> tellConfigChange(const ::common::Config* before,
                                           const ::common::Config& after);

/// Who signed the update (a CONFIG_UPDATE envelope): its config signatures, each identity once,
/// unchecked.
std::vector<IdentityName> signersOf(const ::common::Envelope& update, IdentityNames& names);

/// Whose agreement an update to `current` needs (fact sheet A §4.5.4), one row for each policy.
std::vector<RequiredAgreement> agreementsFor(const ::common::ConfigUpdate& update,
                                             const ::common::Config& current);

}  // namespace chancery::usecase

#pragma once

#include <nlohmann/json.hpp>

#include "src/identity/Msp.h"

namespace chancery::test {

/// The MSP of every organisation of facts.json, read from its folder, version 1.4.3.
const identity::MspSet& factsMsps();

/// The reason under which we refuse what Fabric refuses with this text. Throws for a text that is
/// not known, so that a new kind of refusal in the facts cannot pass unseen.
std::string reasonOfFabricError(const std::string& text);

/// A JSON value that is a string or null.
std::string textOrEmpty(const nlohmann::json& value);

}  // namespace chancery::test

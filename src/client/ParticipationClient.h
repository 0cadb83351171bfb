#pragma once

#include <memory>

#include "src/interfaces/Nodes.h"

namespace chancery::client {

/// The channel participation REST of an orderer (fact sheet A §6.4). Errors of http::Client::make.
Result<std::shared_ptr<interfaces::Participation>> makeParticipationClient(
    const interfaces::NodeAddress& orderer, const interfaces::TlsIdentity& admin);

}  // namespace chancery::client

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::node {

/// What went wrong at one node: gateway.ErrorDetail.
struct GatewayErrorDetail {
    std::string address;
    MspId mspId;
    std::string message;
};

/// An error as Fabric's gateway gives it: clients read nothing but ErrorDetails behind it, so it
/// carries no reason of ours.
Status gatewayError(StatusCode code, std::string_view sentence,
                    const std::vector<GatewayErrorDetail>& details = {});

/// The text of an error that came by gRPC, as a program in Go prints it: "rpc error: code =
/// Unavailable desc = …". Fabric's gateways put it into details.
std::string goTextOf(const Status& status);

}  // namespace chancery::node

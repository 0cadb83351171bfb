#pragma once

#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace grpc {
class Status;
}

namespace chancery::rpc {

/// One entry of google.rpc.Status.details besides our own reason: a gateway puts its
/// gateway.ErrorDetail messages here.
struct StatusDetail {
    std::string typeUrl;  ///< "type.googleapis.com/gateway.ErrorDetail"
    Bytes value;
};

/// The same error with details for the caller. OK stays OK.
Status withDetails(const Status& status, const std::vector<StatusDetail>& details);
/// Those given to withDetails, or those that came with a call.
std::vector<StatusDetail> detailsOf(const Status& status);

/// A call's status as it travels: grpc-status, grpc-message and the trailer
/// grpc-status-details-bin.
struct StatusOnTheWire {
    int code = 0;
    std::string message;
    Bytes details;  ///< google.rpc.Status; the reason is a google.rpc.ErrorInfo of the domain
                    ///< "chancery"
};

/// What does not fit into a trailer (8 KiB is what other clients take) is left out: details first,
/// then arguments, then the end of the sentence.
StatusOnTheWire toWire(const Status& status);
/// Total. A status without a reason of ours keeps its code and text, made printable; details are
/// read as far as they are well-formed, and a code that nobody knows becomes UNKNOWN.
Status fromWire(const StatusOnTheWire& wire);

grpc::Status toGrpc(const Status& status);
Status fromGrpc(const grpc::Status& status);

}  // namespace chancery::rpc

#pragma once

#include <memory>
#include <optional>

#include "src/base/Status.h"
#include "src/rpc/Endpoint.h"
#include "src/rpc/Options.h"
#include "src/rpc/Tls.h"

namespace grpc {
class Channel;
}

namespace chancery::rpc {

/// A connection to one server, made when the first call needs it and made again when it was lost.
/// Unary calls must have a deadline (INVALID_ARGUMENT, DEADLINE_REQUIRED). Proxies of the
/// environment and settings in DNS are not followed.
///
/// TCP needs `tls`; a unix socket must not have it (INVALID_ARGUMENT, TLS_REQUIRED and
/// TLS_WITHOUT_USE), for there the file's permissions say who may connect. Further errors as
/// checkTls.
Result<std::shared_ptr<grpc::Channel>> makeChannel(const Endpoint& endpoint,
                                                   const std::optional<ClientTls>& tls,
                                                   const ClientLimits& limits = {});

}  // namespace chancery::rpc

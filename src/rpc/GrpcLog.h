#pragma once

namespace chancery::rpc {

/// Sends what gRPC itself has to say to our log, from the first call on: a refused handshake is a
/// caller's affair and no line on the terminal. Any thread, any number of times.
void keepGrpcLog();

}  // namespace chancery::rpc

#pragma once

namespace chancery::rpc {

/// What this process's gRPC needs before its first channel or server: its words go to our log (a
/// refused handshake is a caller's affair and no line on the terminal), and its queue of callbacks
/// lasts until the process ends. Any thread, any number of times.
void setUpGrpc();

}  // namespace chancery::rpc

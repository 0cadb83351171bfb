#pragma once

#include <sys/types.h>

#include "src/base/Descriptor.h"
#include "src/base/Status.h"
#include "src/process/Command.h"

namespace chancery::process {

/// A started process and our ends of its pipes, all of them non-blocking and closed in further
/// children.
struct Spawned {
    pid_t pid = -1;
    Descriptor handle;  ///< pidfd: means this process for ever, however numbers are reused
    Descriptor input, output, error;
    Descriptor socket;  ///< when the command talks
};

/// Starts the command as leader of a process group of its own, with default signals and no
/// descriptors besides the three pipes and the socket. The caller must reap it: until then its
/// number belongs to nobody else.
Result<Spawned> spawn(const Command& command);

/// 0 or an error number; ESRCH when it has ended.
int sendSignal(const Spawned& process, int number);

}  // namespace chancery::process

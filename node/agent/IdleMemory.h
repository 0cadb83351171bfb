#pragma once

namespace chancery::agent {

/// Gives back what the last calls needed and an idle agent does not: free heap, and pages of
/// program code, which the system can read again when they are needed. Any thread.
void returnIdleMemory();

}  // namespace chancery::agent

#pragma once

#include <string>
#include <string_view>

#include "src/audit/AuditLog.h"

namespace chancery::audit {

/// The line of an entry, without its end; fills in the hash.
std::string writeLine(Entry& entry, std::string_view hashBefore);
/// The entry of a line whose hash is right. INVALID_ARGUMENT (BAD_AUDIT_LINE).
Result<Entry> readLine(std::string_view line, std::string_view hashBefore);

}  // namespace chancery::audit

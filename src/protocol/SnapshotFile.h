#pragma once

#include <cstdint>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::protocol {

/// Reads one data or metadata file of a snapshot: a format byte, then numbers and length-prefixed
/// bytes. Faults are DATA_LOSS (BAD_SNAPSHOT) with `file` and `offset`.
class SnapshotFile {
public:
    SnapshotFile(std::string name, BytesView bytes) : m_name(std::move(name)), m_bytes(bytes) {}

    /// The format byte; must come first.
    Status begin();
    Result<std::uint64_t> number();
    Result<BytesView> bytes();
    bool atEnd() const { return m_at == m_bytes.size(); }
    /// Everything must have been read.
    Status end() const;
    Status fault(std::string_view why) const;

private:
    std::string m_name;
    BytesView m_bytes;
    std::size_t m_at = 0;
};

}  // namespace chancery::protocol

#include "src/protocol/SnapshotFile.h"

#include <fmt/format.h>

#include "src/wire/Varint.h"

namespace chancery::protocol {

namespace {
constexpr char kFormat = 1;
}

Status SnapshotFile::fault(std::string_view why) const {
    return makeError(StatusCode::kDataLoss, "BAD_SNAPSHOT",
                     fmt::format("{} at byte {}: {}", m_name, m_at, why),
                     {{"file", m_name}, {"offset", fmt::to_string(m_at)}});
}

Status SnapshotFile::begin() {
    if (m_bytes.empty() || m_bytes[0] != kFormat) return fault("not a format that is known");
    m_at = 1;
    return {};
}

Result<std::uint64_t> SnapshotFile::number() {
    std::uint64_t value = 0;
    const char* const begin = m_bytes.data() + m_at;
    const char* const after = wire::readVarint(begin, m_bytes.data() + m_bytes.size(), value);
    if (after == nullptr) return fault("a number is cut short or too long");
    m_at += static_cast<std::size_t>(after - begin);
    return value;
}

Result<BytesView> SnapshotFile::bytes() {
    const std::size_t start = m_at;
    ASSIGN_OR_RETURN(const std::uint64_t size, number());
    if (size > m_bytes.size() - m_at) {
        m_at = start;
        return fault("an entry is longer than the file");
    }
    const BytesView out = m_bytes.substr(m_at, size);
    m_at += size;
    return out;
}

Status SnapshotFile::end() const {
    return atEnd() ? Status() : fault("more than was announced");
}

}  // namespace chancery::protocol

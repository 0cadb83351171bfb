#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "src/base/Bytes.h"
#include "src/wire/Varint.h"

namespace chancery::wire {

/// The last three bits of a tag, as protobuf numbers them.
enum class WireType : std::uint8_t {
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
};

inline constexpr std::uint32_t kMaxFieldNumber = (1u << 29) - 1;
/// Inside unknown groups Go's parser is more lenient.
inline constexpr std::uint32_t kMaxNumberInGroup = (1u << 31) - 1;
/// Groups inside groups that are still skipped; Go's parser draws the line at the same depth.
inline constexpr int kMaxGroupDepth = 10'000;

/// Why a scan stopped.
enum class ScanProblem : std::uint8_t {
    None,
    Truncated,
    VarintTooLong,
    BadFieldNumber,
    BadWireType,
    UnmatchedEndGroup,
    TooDeep,
};

/// Reads the fields of an encoded message one after another without copying or allocating. Total:
/// any bytes either come to an end or to a problem. For fast paths; it knows no schema, so it
/// neither looks into nested messages nor checks UTF-8. Accepts exactly what Go's parser accepts as
/// unknown fields. The bytes must outlive the scanner and its views. Not thread-safe; copies are
/// independent.
///
///     FieldScanner scanner(bytes);
///     while (scanner.next()) use(scanner.number(), scanner.view());
///     if (scanner.problem() != ScanProblem::None) …
class FieldScanner {
public:
    explicit FieldScanner(BytesView bytes)
        : m_begin(bytes.data()),
          m_at(bytes.data()),
          m_field(bytes.data()),
          m_end(bytes.data() + bytes.size()) {}

    /// Moves to the next field. False at the end and at a problem; after a problem it stays false.
    bool next() {
        if (m_at == m_end || m_problem != ScanProblem::None) return false;
        m_field = m_at;
        m_number = 0;
        const char* at = readTag(m_at, kMaxFieldNumber);
        if (at == nullptr) return false;
        m_tagEnd = at;
        at = readValue(at);
        if (at == nullptr) return false;
        m_at = at;
        return true;
    }

    /// 0 when not even the tag could be read.
    std::uint32_t number() const { return m_number; }
    WireType wireType() const { return m_type; }
    /// Value of a Varint, Fixed32 or Fixed64 field.
    std::uint64_t integer() const { return m_integer; }
    /// Content of a Length field, or of a group without its tags.
    BytesView view() const { return m_view; }
    /// The whole field, tag included; empty, but at its place, after a problem.
    BytesView raw() const { return {m_field, static_cast<std::size_t>(m_at - m_field)}; }
    /// Bytes the tag takes.
    std::size_t tagSize() const { return static_cast<std::size_t>(m_tagEnd - m_field); }
    /// Where the current field, or the one with the problem, begins.
    std::size_t offset() const { return static_cast<std::size_t>(m_field - m_begin); }

    ScanProblem problem() const { return m_problem; }
    bool failed() const { return m_problem != ScanProblem::None; }

private:
    const char* fail(ScanProblem problem) {
        m_problem = problem;
        return nullptr;
    }
    // A varint that does not end is truncated; one that could have ended is too long.
    const char* failVarint(const char* at) {
        return fail(m_end - at < 10 && allContinue(at) ? ScanProblem::Truncated
                                                       : ScanProblem::VarintTooLong);
    }
    bool allContinue(const char* at) const {
        for (; at < m_end; ++at)
            if (static_cast<std::uint8_t>(*at) < 0x80) return false;
        return true;
    }
    const char* readTag(const char* at, std::uint32_t maxNumber) {
        std::uint64_t tag = 0;
        const char* after = readVarint(at, m_end, tag);
        if (after == nullptr) return failVarint(at);
        const std::uint64_t number = tag >> 3;
        if (number == 0 || number > maxNumber) return fail(ScanProblem::BadFieldNumber);
        m_number = static_cast<std::uint32_t>(number);
        m_type = static_cast<WireType>(tag & 7);
        return after;
    }
    const char* readValue(const char* at) {
        switch (m_type) {
            case WireType::Varint: {
                const char* after = readVarint(at, m_end, m_integer);
                return after != nullptr ? after : failVarint(at);
            }
            case WireType::Fixed64:
                return readFixed<std::uint64_t>(at);
            case WireType::Fixed32:
                return readFixed<std::uint32_t>(at);
            case WireType::Length: {
                std::uint64_t length = 0;
                const char* after = readVarint(at, m_end, length);
                if (after == nullptr) return failVarint(at);
                if (length > static_cast<std::uint64_t>(m_end - after))
                    return fail(ScanProblem::Truncated);
                m_view = {after, static_cast<std::size_t>(length)};
                return after + length;
            }
            case WireType::StartGroup:
                return readGroup(at);
            case WireType::EndGroup:
                return fail(ScanProblem::UnmatchedEndGroup);
        }
        return fail(ScanProblem::BadWireType);
    }
    template <class Integer>
    const char* readFixed(const char* at) {
        Integer value;
        if (m_end - at < static_cast<std::ptrdiff_t>(sizeof value))
            return fail(ScanProblem::Truncated);
        std::memcpy(&value, at, sizeof value);  // little-endian hosts only, as all our targets are
        m_integer = value;
        return at + sizeof value;
    }
    const char* readGroup(const char* at);
    const char* skipGroup(const char* at);

    const char* m_begin;
    const char* m_at;
    const char* m_field;
    const char* m_end;
    const char* m_tagEnd = nullptr;
    std::uint32_t m_number = 0;
    WireType m_type = WireType::Varint;
    ScanProblem m_problem = ScanProblem::None;
    std::uint64_t m_integer = 0;
    BytesView m_view;
};

/// The last Length field with this number, which is the one a parser keeps; empty view when there
/// is none; nullopt when the bytes are malformed. For `bytes` and `string` fields only: a parser
/// merges repeated messages.
inline std::optional<BytesView> lastField(BytesView message, std::uint32_t number) {
    FieldScanner scanner(message);
    BytesView found;
    while (scanner.next())
        if (scanner.number() == number && scanner.wireType() == WireType::Length)
            found = scanner.view();
    if (scanner.failed()) return std::nullopt;
    return found;
}

}  // namespace chancery::wire

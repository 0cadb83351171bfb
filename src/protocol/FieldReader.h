#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Encoding.h"
#include "src/base/Status.h"
#include "src/wire/FieldScanner.h"

namespace chancery::protocol {

/// Key of a known field for a switch: a field of another wire type is an unknown field, as Go's
/// parser takes it.
constexpr std::uint64_t keyOf(std::uint32_t number, wire::WireType type) {
    return std::uint64_t{number} << 3 | static_cast<std::uint64_t>(type);
}
constexpr std::uint64_t integerField(std::uint32_t number) {
    return keyOf(number, wire::WireType::Varint);
}
constexpr std::uint64_t lengthField(std::uint32_t number) {
    return keyOf(number, wire::WireType::Length);
}
inline std::uint64_t keyOf(const wire::FieldScanner& field) {
    return keyOf(field.number(), field.wireType());
}

/// How many envelopes, and how many metadata entries, a block of this size may have. A decoded and
/// judged transaction takes some 3 KiB however small its envelope is; real ones are larger than
/// 1 KiB, so that only floods of empty envelopes are many.
constexpr std::size_t maxElementsIn(std::size_t blockBytes) {
    return 12'000 + blockBytes / 256;
}

/// What decoded lists may take in memory: some times the size of the bytes that they come from, and
/// little more, because a block has many transactions. Real messages take two to five times their
/// size and the densest that a contract can make ten; only empty elements take more. A list that
/// grows takes three times as much for a moment.
class MemoryBudget {
public:
    explicit MemoryBudget(std::size_t inputBytes) : m_left(kFactor * inputBytes + kSlack) {}
    bool take(std::size_t bytes) {
        if (bytes > m_left) return false;
        m_left -= bytes;
        return true;
    }

private:
    static constexpr std::size_t kFactor = 16;
    static constexpr std::size_t kSlack = std::size_t{16} << 10;
    std::size_t m_left;
};

/// Drives hand-written decoders over the wire room's scanner: they judge bytes as Go's protobuf
/// does (unknown fields passed over, last value of a singular field wins, singular messages merge,
/// strings must be UTF-8), allocate only for repeated fields and build an error only when there is
/// one. One object per decoded message; one thread.
class FieldReader {
public:
    /// `name` begins the path in errors.
    /// `budget` is shared by the messages inside one
    /// another; without one the message has its own.
    FieldReader(BytesView root, std::string_view name, MemoryBudget* budget = nullptr)
        : m_root(root),
          m_name(name),
          m_own(budget != nullptr ? 0 : root.size()),
          m_budget(budget != nullptr ? budget : &m_own) {}
    FieldReader(const FieldReader&) = delete;
    FieldReader& operator=(const FieldReader&) = delete;

    /// Calls onField(scanner) for each field; it gives false after a fault of its own.
    template <class OnField>
    bool each(BytesView message, OnField&& onField) {
        wire::FieldScanner scanner(message);
        while (scanner.next())
            if (!onField(static_cast<const wire::FieldScanner&>(scanner))) return false;
        if (!scanner.failed()) return true;
        return fail(message.data() + scanner.offset(), problemName(scanner.problem()));
    }

    /// Runs a decoder for a message inside; on a fault its name goes into the path.
    template <class Decode>
    bool inside(std::string_view name, Decode&& decode) {
        if (decode()) return true;
        m_path.insert(0, std::string(".").append(name));
        return false;
    }
    template <class Decode>
    bool inside(std::string_view name, std::size_t index, Decode&& decode) {
        if (decode()) return true;
        m_path.insert(0, elementName(name, index));
        return false;
    }

    bool text(const wire::FieldScanner& field, std::string_view& out, std::string_view name) {
        const BytesView bytes = field.view();
        if (!isAscii(bytes) && !isUtf8(bytes)) {
            m_path = std::string(".").append(name);
            return fail(field.raw().data(), "bad_utf8");
        }
        out = bytes;
        return true;
    }
    static bool bytes(const wire::FieldScanner& field, BytesView& out) {
        out = field.view();
        return true;
    }

    /// Charges one element of a repeated field.
    bool element(const wire::FieldScanner& field, std::size_t bytes) {
        return m_budget->take(bytes) || fail(field.raw().data(), kTooMany);
    }

    /// A fault of the field's content.
    bool malformed(const wire::FieldScanner& field, std::string_view problem) {
        return fail(field.raw().data(), problem);
    }
    bool tooMany(const wire::FieldScanner& field) { return fail(field.raw().data(), kTooMany); }

    /// The fault as an error.
    Status status() const;

private:
    static constexpr std::string_view kTooMany = "too_many";

    bool fail(const char* at, std::string_view problem) {
        m_offset = static_cast<std::size_t>(at - m_root.data());
        m_problem = problem;
        return false;
    }
    static std::string_view problemName(wire::ScanProblem problem);
    static std::string elementName(std::string_view name, std::size_t index);

    BytesView m_root;
    std::string_view m_name;
    std::string m_path;
    std::size_t m_offset = 0;
    std::string_view m_problem;
    MemoryBudget m_own;
    MemoryBudget* m_budget;
};

/// Adds an integer field of type uint64 that may come packed or one by one.
bool appendIntegers(FieldReader& reader, const wire::FieldScanner& field,
                    std::vector<std::uint64_t>& out);

}  // namespace chancery::protocol

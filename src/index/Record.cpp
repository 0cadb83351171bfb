#include "src/index/Record.h"

#include <type_traits>

namespace chancery::index {
namespace {

/// One function per value type names its parts; writing and reading go through the same one.
class Writer {
public:
    void operator()(std::uint64_t value) {
        for (int shift = 0; shift < 64; shift += 8)
            m_out.push_back(static_cast<char>(value >> shift & 0xff));
    }
    void operator()(const std::string& text) {
        (*this)(static_cast<std::uint64_t>(text.size()));
        m_out.append(text);
    }
    void operator()(bool value) { m_out.push_back(value ? '\1' : '\0'); }
    template <class T, class Parts>
    void optional(const std::optional<T>& value, const Parts& parts) {
        (*this)(value.has_value());
        if (value) parts(*this, *value);
    }
    bool goesOn() const { return true; }
    Bytes take() && { return std::move(m_out); }

private:
    Bytes m_out;
};

class Reader {
public:
    explicit Reader(BytesView bytes) : m_rest(bytes) {}

    void operator()(std::uint64_t& value) {
        value = 0;
        if (m_rest.size() < 8) return fail();
        for (int i = 0; i < 8; ++i)
            value |= std::uint64_t{static_cast<unsigned char>(m_rest[static_cast<std::size_t>(i)])}
                     << 8 * i;
        m_rest.remove_prefix(8);
    }
    void operator()(std::string& text) {
        std::uint64_t size = 0;
        (*this)(size);
        if (size > m_rest.size()) return fail();
        text.assign(m_rest.substr(0, size));
        m_rest.remove_prefix(size);
    }
    void operator()(bool& value) {
        value = false;
        if (m_rest.empty()) return fail();
        value = m_rest.front() != '\0';
        m_rest.remove_prefix(1);
    }
    template <class T, class Parts>
    void optional(std::optional<T>& value, const Parts& parts) {
        bool there = false;
        (*this)(there);
        if (m_failed || !there) return;
        parts(*this, value.emplace());
    }
    bool goesOn() const { return !m_failed; }
    bool good() const { return !m_failed && m_rest.empty(); }

private:
    void fail() {
        m_failed = true;
        m_rest = {};
    }
    BytesView m_rest;
    bool m_failed = false;
};

constexpr auto kVersion = [](auto& io, auto& version) {
    io(version.block);
    io(version.transaction);
};

// Strong strings have no writable text.
template <class Io, class Id>
void idPart(Io& io, Id& id) {
    std::string text = id.str();
    io(text);
    if constexpr (!std::is_const_v<Id>) id = Id(text);
}

constexpr auto kOther = [](auto& io, auto& other) {
    kVersion(io, other.place);
    idPart(io, other.txId);
};

constexpr auto kConflict = [](auto& io, auto& conflict) {
    io(conflict.ns);
    io(conflict.collection);
    io(conflict.key);
    io.optional(conflict.read, kVersion);
    io.optional(conflict.current, kVersion);
    io.optional(conflict.writer, kOther);
};

constexpr auto kPhantom = [](auto& io, auto& phantom) {
    io(phantom.start);
    io(phantom.end);
    io(phantom.summarised);
    kConflict(io, phantom.difference);
};

constexpr auto kArguments = [](auto& io, auto& arguments) {
    std::uint64_t count = arguments.size();
    io(count);
    for (std::uint64_t i = 0; i < count && io.goesOn(); ++i) {
        if constexpr (!std::is_const_v<std::remove_reference_t<decltype(arguments)>>)
            arguments.emplace_back();
        io(arguments[i].first);
        io(arguments[i].second);
    }
};

constexpr auto kCause = [](auto& io, auto& cause) {
    io(cause.reason);
    io(cause.sentence);
    kArguments(io, cause.arguments);
    io(cause.field);
    io.optional(cause.conflict, kConflict);
    io.optional(cause.phantom, kPhantom);
    io.optional(cause.original, kOther);
};

constexpr auto kNumber = [](auto& io, auto& number) {
    std::uint64_t wide = number;
    io(wide);
    if constexpr (!std::is_const_v<std::remove_reference_t<decltype(number)>>)
        number = static_cast<std::remove_reference_t<decltype(number)>>(wide);
};

constexpr auto kRange = [](auto& io, auto& range) {
    io(range.begin);
    io(range.end);
};

constexpr auto kFinding = [](auto& io, auto& finding) {
    bool error = finding.severity == verify::Severity::Error;
    bool warning = finding.severity == verify::Severity::Warning;
    io(error);
    io(warning);
    if constexpr (!std::is_const_v<std::remove_reference_t<decltype(finding)>>)
        finding.severity = error     ? verify::Severity::Error
                           : warning ? verify::Severity::Warning
                                     : verify::Severity::Note;
    io(finding.reason);
    io(finding.sentence);
    kArguments(io, finding.arguments);
    io.optional(finding.block, kNumber);
    io.optional(finding.transaction, kNumber);
    idPart(io, finding.txId);
    io(finding.file);
    io.optional(finding.bytes, kRange);
    io.optional(finding.cause, kCause);
};

constexpr auto kCheckpoint = [](auto& io, auto& it) {
    idPart(io, it.channel);
    io.optional(it.first, kNumber);
    io.optional(it.last, kNumber);
    io(it.headerHash);
    io.optional(it.commitHash, [](auto& inner, auto& hash) { inner(hash); });
    io.optional(it.configBlock, kNumber);
    io(it.anchorHash);
    io(it.stateKnown);
    io(it.start.english);
    io(it.start.id);
    kArguments(io, it.start.arguments);
    io.optional(it.stateTo, kNumber);
    io(it.file);
    io(it.offset);
    io(it.ended);
    io.optional(it.verifiedTo, kNumber);
    io(it.blocks);
    io(it.transactions);
    io(it.invalid);
    io(it.valid);
    io(it.notJudged);
    io(it.bytes);
    io(it.errors);
    io(it.findings);
    io(it.elapsedNanos);
    io.optional(it.snapshot, kNumber);
};

}  // namespace

Bytes encode(const Checkpoint& checkpoint) {
    Writer writer;
    kCheckpoint(writer, checkpoint);
    return std::move(writer).take();
}

std::optional<Checkpoint> decodeCheckpoint(BytesView bytes) {
    Reader reader(bytes);
    Checkpoint checkpoint;
    kCheckpoint(reader, checkpoint);
    return reader.good() ? std::optional(std::move(checkpoint)) : std::nullopt;
}

Bytes encode(const verify::Cause& cause) {
    Writer writer;
    kCause(writer, cause);
    return std::move(writer).take();
}

std::optional<verify::Cause> decodeCause(BytesView bytes) {
    Reader reader(bytes);
    verify::Cause cause;
    kCause(reader, cause);
    return reader.good() ? std::optional(std::move(cause)) : std::nullopt;
}

Bytes encode(const verify::Finding& finding) {
    Writer writer;
    kFinding(writer, finding);
    return std::move(writer).take();
}

std::optional<verify::Finding> decodeFinding(BytesView bytes) {
    Reader reader(bytes);
    verify::Finding finding;
    kFinding(reader, finding);
    return reader.good() ? std::optional(std::move(finding)) : std::nullopt;
}

Bytes encode(const std::vector<std::int64_t>& ids) {
    Writer writer;
    for (const std::int64_t id : ids) writer(static_cast<std::uint64_t>(id));
    return std::move(writer).take();
}

std::vector<std::int64_t> decodeIds(BytesView bytes) {
    std::vector<std::int64_t> ids;
    Reader reader(bytes);
    for (std::size_t i = 0; i < bytes.size() / 8; ++i) {
        std::uint64_t id = 0;
        reader(id);
        ids.push_back(static_cast<std::int64_t>(id));
    }
    return ids;
}

}  // namespace chancery::index

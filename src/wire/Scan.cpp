#include "src/wire/Scan.h"

#include <absl/container/inlined_vector.h>
#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"

namespace chancery::wire {
namespace {

constexpr std::size_t kDecoderVarint = 5;  // longest tag or length protobuf's C++ decoder reads

struct Frame {
    FieldScanner scanner;
    const MessagePlan* plan;
    std::uint64_t seen;  // numbers of singular fields that have their memory already
};

const char* nameOf(ScanProblem problem) {
    switch (problem) {
        case ScanProblem::Truncated:
            return "truncated";
        case ScanProblem::VarintTooLong:
            return "varint_too_long";
        case ScanProblem::BadFieldNumber:
            return "bad_field_number";
        case ScanProblem::BadWireType:
            return "bad_wire_type";
        case ScanProblem::UnmatchedEndGroup:
            return "unmatched_end_group";
        default:
            return "malformed";
    }
}

const char* wordsFor(std::string_view problem) {
    if (problem == "truncated") return "is truncated";
    if (problem == "varint_too_long") return "has a varint that does not fit into 64 bits";
    if (problem == "bad_field_number") return "has a field number that cannot be";
    if (problem == "bad_wire_type") return "has a wire type that cannot be";
    if (problem == "unmatched_end_group") return "ends a group that was not begun";
    return "is not valid UTF-8";
}

class Scan {
public:
    Scan(const MessagePlan& plan, BytesView bytes, std::string_view path, const ParseLimits& limits)
        : m_bytes(bytes), m_path(path), m_limits(limits) {
        m_frames.push_back({FieldScanner(bytes), &plan, 0});
        m_report.knownCost = plan.objectCost;
    }

    Result<ScanReport> run() {
        while (true) {
            Frame& frame = m_frames.back();
            if (!frame.scanner.next()) {
                if (frame.scanner.failed()) return fault(frame.scanner.problem());
                m_frames.pop_back();
                if (m_frames.empty()) return m_report;
                continue;
            }
            if (Status status = field(frame); !status.ok()) return status;
        }
    }

private:
    // May push a frame, which ends the life of `frame`.
    Status field(Frame& frame) {
        const FieldScanner& scanner = frame.scanner;
        if (scanner.tagSize() > kDecoderVarint) m_report.odd = true;
        if (scanner.wireType() == WireType::Length &&
            scanner.raw().size() - scanner.tagSize() - scanner.view().size() > kDecoderVarint)
            m_report.odd = true;
        const FieldPlan* plan = frame.plan->find(scanner.number());
        if (plan == nullptr) return unknown(scanner);
        if (scanner.wireType() != plan->wireType) {
            const bool packed = scanner.wireType() == WireType::Length &&
                                plan->kind == FieldPlan::Kind::Scalar && plan->repeated;
            return packed ? packedRun(*plan, scanner) : unknown(scanner);
        }
        charge(*plan, frame);
        if (plan->kind == FieldPlan::Kind::Scalar) return {};
        const BytesView content = scanner.view();
        if (plan->kind == FieldPlan::Kind::Message) return descend(*plan, content);
        if (content.size() > kInlineText) m_report.knownCost += content.size() + kInlineText + 1;
        if (plan->kind == FieldPlan::Kind::String && !isAscii(content) && !isUtf8(content))
            return fault("bad_utf8");
        return {};
    }

    void charge(const FieldPlan& plan, Frame& frame) {
        if (plan.closedEnum) m_report.unknownCost += kUnknownFieldCost;
        if (!plan.repeated) {
            const std::uint64_t bit = std::uint64_t{1} << (frame.scanner.number() % 64);
            if ((frame.seen & bit) != 0) return;
            frame.seen |= bit;
        }
        m_report.knownCost += plan.elementCost;
    }

    Status unknown(const FieldScanner& scanner) {
        m_report.unknownCost += kUnknownFieldCost;
        if (scanner.wireType() == WireType::Length)
            m_report.unknownCost += kStringCost + scanner.view().size();
        if (scanner.wireType() == WireType::StartGroup) m_report.odd = true;
        return {};
    }

    Status descend(const FieldPlan& plan, BytesView content) {
        const int depth = static_cast<int>(m_frames.size());
        if (depth > m_limits.maxDepth) return tooDeep();
        m_report.depth = std::max(m_report.depth, depth);
        m_frames.push_back({FieldScanner(content), plan.message, 0});
        return {};
    }

    Status packedRun(const FieldPlan& plan, const FieldScanner& scanner) {
        const BytesView run = scanner.view();
        std::size_t count = 0;
        if (plan.wireType == WireType::Varint) {
            const char* const end = run.data() + run.size();
            for (const char* at = run.data(); at != end; ++count) {
                std::uint64_t value = 0;
                const char* after = readVarint(at, end, value);
                if (after == nullptr) return fault(end - at < 10 ? "truncated" : "varint_too_long");
                at = after;
            }
        } else {
            const std::size_t width = plan.wireType == WireType::Fixed64 ? 8 : 4;
            if (run.size() % width != 0) return fault("truncated");
            count = run.size() / width;
        }
        m_report.knownCost += count * kRepeatedSlotCost;
        return {};
    }

    // Path of the message the innermost frame reads. Only now are repeated fields counted for their
    // index.
    std::string pathOfFrame() const {
        std::string path(m_path);
        for (std::size_t i = 0; i + 1 < m_frames.size(); ++i) {
            const FieldScanner& at = m_frames[i].scanner;
            const FieldPlan* plan = m_frames[i].plan->find(at.number());
            path += fmt::format(".{}", plan->descriptor->name());
            if (plan->repeated) path += fmt::format("[{}]", indexOf(at));
        }
        return path;
    }

    static std::size_t indexOf(const FieldScanner& field) {
        FieldScanner before({field.raw().data() - field.offset(), field.offset()});
        std::size_t index = 0;
        while (before.next())
            if (before.number() == field.number()) ++index;
        return index;
    }

    std::size_t offset() const {
        return static_cast<std::size_t>(m_frames.back().scanner.raw().data() - m_bytes.data());
    }

    Status fault(ScanProblem problem) {
        return problem == ScanProblem::TooDeep ? tooDeep() : fault(nameOf(problem));
    }

    Status fault(std::string_view problem) {
        const FieldScanner& at = m_frames.back().scanner;
        const FieldPlan* plan = m_frames.back().plan->find(at.number());
        const std::string path = pathOfFrame();
        const std::string name =
            plan != nullptr ? fmt::format(" ({})", plan->descriptor->name()) : std::string();
        const std::string sentence =
            at.number() == 0
                ? fmt::format("{}: a tag at byte {} {}", path, offset(), wordsFor(problem))
                : fmt::format("{}: field {}{} at byte {} {}", path, at.number(), name, offset(),
                              wordsFor(problem));
        return makeError(StatusCode::kInvalidArgument, "MALFORMED_PROTOBUF", sentence,
                         {{"path", path},
                          {"offset", fmt::to_string(offset())},
                          {"field", fmt::to_string(at.number())},
                          {"problem", std::string(problem)}});
    }

    Status tooDeep() {
        const std::string path = pathOfFrame();
        return makeError(StatusCode::kResourceExhausted, "TOO_DEEP",
                         fmt::format("{}: nested more than {} deep at byte {}", path,
                                     m_limits.maxDepth, offset()),
                         {{"path", path},
                          {"offset", fmt::to_string(offset())},
                          {"limit", fmt::to_string(m_limits.maxDepth)}});
    }

    const BytesView m_bytes;
    const std::string_view m_path;
    const ParseLimits& m_limits;
    ScanReport m_report;
    absl::InlinedVector<Frame, 8> m_frames;
};

void appendVarint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
    out.push_back(static_cast<char>(value));
}

// A length that is not known yet: five bytes, padded, which the decoder reads like any other.
void patchLength(Bytes& out, std::size_t at) {
    std::size_t length = out.size() - at - kDecoderVarint;
    for (std::size_t i = 0; i < kDecoderVarint; ++i, length >>= 7)
        out[at + i] = static_cast<char>((length & 0x7f) | (i + 1 < kDecoderVarint ? 0x80 : 0));
}

void appendKnown(const MessagePlan& plan, BytesView bytes, Bytes& out) {
    FieldScanner scanner(bytes);
    while (scanner.next()) {
        const FieldPlan* field = plan.find(scanner.number());
        if (field == nullptr) continue;
        const bool length = scanner.wireType() == WireType::Length;
        const bool packed = length && field->repeated && field->kind == FieldPlan::Kind::Scalar;
        if (scanner.wireType() != field->wireType && !packed) continue;
        appendVarint(out, std::uint64_t{scanner.number()} << 3 |
                              static_cast<std::uint64_t>(scanner.wireType()));
        if (!length) {
            out += scanner.raw().substr(scanner.tagSize());
        } else if (field->kind == FieldPlan::Kind::Message) {
            const std::size_t at = out.size();
            out.append(kDecoderVarint, '\0');
            appendKnown(*field->message, scanner.view(), out);
            patchLength(out, at);
        } else {
            appendVarint(out, scanner.view().size());
            out += scanner.view();
        }
    }
}

}  // namespace

Result<ScanReport> scan(const MessagePlan& plan, BytesView bytes, std::string_view path,
                        const ParseLimits& limits) {
    return Scan(plan, bytes, path, limits).run();
}

Bytes withoutOddities(const MessagePlan& plan, BytesView bytes) {
    Bytes out;
    appendKnown(plan, bytes, out);
    return out;
}

}  // namespace chancery::wire

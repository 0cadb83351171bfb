#include "src/protocol/FieldReader.h"

#include <fmt/format.h>

#include "src/wire/Varint.h"

namespace chancery::protocol {

std::string_view FieldReader::problemName(wire::ScanProblem problem) {
    switch (problem) {
        case wire::ScanProblem::Truncated:
            return "truncated";
        case wire::ScanProblem::VarintTooLong:
            return "varint_too_long";
        case wire::ScanProblem::BadFieldNumber:
            return "bad_field_number";
        case wire::ScanProblem::BadWireType:
            return "bad_wire_type";
        case wire::ScanProblem::UnmatchedEndGroup:
            return "unmatched_end_group";
        case wire::ScanProblem::TooDeep:
            return "too_deep";
        case wire::ScanProblem::None:
            break;
    }
    return "malformed";
}

std::string FieldReader::elementName(std::string_view name, std::size_t index) {
    return fmt::format(".{}[{}]", name, index);
}

Status FieldReader::status() const {
    const std::string path = fmt::format("{}{}", m_name, m_path);
    ErrorArguments arguments{{"path", path}, {"offset", fmt::to_string(m_offset)}};
    if (m_problem == kTooMany) {
        return makeError(
            StatusCode::kResourceExhausted, "TOO_MANY_ELEMENTS",
            fmt::format("{}: more elements than bytes of this size may have, at byte {}", path,
                        m_offset),
            std::move(arguments));
    }
    arguments.emplace_back("problem", m_problem);
    return makeError(StatusCode::kInvalidArgument, "MALFORMED_PROTOBUF",
                     fmt::format("{}: malformed at byte {} ({})", path, m_offset, m_problem),
                     std::move(arguments));
}

bool appendIntegers(FieldReader& reader, const wire::FieldScanner& field,
                    std::vector<std::uint64_t>& out) {
    if (field.wireType() == wire::WireType::Varint) {
        if (!reader.element(field, sizeof(std::uint64_t))) return false;
        out.push_back(field.integer());
        return true;
    }
    const BytesView run = field.view();
    const char* const end = run.data() + run.size();
    for (const char* at = run.data(); at != end;) {
        std::uint64_t value = 0;
        at = wire::readVarint(at, end, value);
        if (at == nullptr) return reader.malformed(field, "truncated");
        if (!reader.element(field, sizeof(std::uint64_t))) return false;
        out.push_back(value);
    }
    return true;
}

}  // namespace chancery::protocol

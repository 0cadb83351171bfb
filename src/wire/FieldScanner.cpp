#include "src/wire/FieldScanner.h"

#include <vector>

namespace chancery::wire {

// Groups are long out of use and stand in no message of the ledger, but an unknown field may be
// one. Their nesting is kept in a vector, because hostile input nests as deeply as it likes.
const char* FieldScanner::skipGroup(const char* at) {
    const char* const content = at;
    std::vector<std::uint32_t> open{m_number};
    while (true) {
        if (at == m_end) return fail(ScanProblem::Truncated);
        const char* const tagAt = at;
        at = readTag(at, kMaxNumberInGroup);
        if (at == nullptr) return nullptr;
        if (m_type == WireType::StartGroup) {
            if (open.size() > static_cast<std::size_t>(kMaxGroupDepth))
                return fail(ScanProblem::TooDeep);
            open.push_back(m_number);
        } else if (m_type == WireType::EndGroup) {
            if (m_number != open.back()) return fail(ScanProblem::UnmatchedEndGroup);
            open.pop_back();
            if (open.empty()) {
                m_view = {content, static_cast<std::size_t>(tagAt - content)};
                return at;
            }
        } else {
            at = readValue(at);
            if (at == nullptr) return nullptr;
        }
    }
}

const char* FieldScanner::readGroup(const char* at) {
    const std::uint32_t number = m_number;
    at = skipGroup(at);
    m_number = number;
    m_type = WireType::StartGroup;
    return at;
}

}  // namespace chancery::wire

#include "src/verify/Report.h"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::verify {

std::string_view nameOf(Severity severity) {
    switch (severity) {
        case Severity::Note:
            return "note";
        case Severity::Warning:
            return "warning";
        case Severity::Error:
            return "error";
    }
    return "error";
}

std::size_t Report::count(Severity severity) const {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const Finding& finding) { return finding.severity == severity; }));
}

std::string Report::summary() const {
    const std::string reached =
        verifiedTo ? fmt::format("verified to block {}", *verifiedTo) : "no block verified";
    const auto first = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
        return finding.severity == Severity::Error;
    });
    if (first == findings.end()) return stopped ? reached + ", then stopped" : reached;
    const std::string place = first->block ? fmt::format("block {}: ", *first->block) : "";
    return fmt::format("{}; {}{}", reached, place, first->sentence);
}

}  // namespace chancery::verify

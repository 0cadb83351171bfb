#pragma once

#include <string>

#include "src/policy/Policy.h"

namespace chancery::test {

/// What is wrong with an explanation as such; empty when it is consistent: counts are those of the
/// parts, thresholds decide, every met leaf says by whom and every unmet one says why.
inline std::string faultOf(const policy::Explanation& explanation) {
    const auto fault = [&explanation](const std::string& what) {
        return explanation.rule + ": " + what;
    };
    if (explanation.rule.empty()) return fault("has no rule");
    const bool isLeaf = !explanation.phrase.empty();
    if (isLeaf) {
        if (!explanation.parts.empty()) return fault("is a leaf with parts");
        if (explanation.needed != 1 || explanation.have != (explanation.satisfied ? 1u : 0u))
            return fault("counts wrongly");
        if (explanation.usedBy.empty() == explanation.satisfied)
            return fault("does not say by whom");
        if (explanation.why.empty() != explanation.satisfied) return fault("does not say why");
    } else {
        std::size_t satisfied = 0;
        for (const auto& part : explanation.parts) {
            if (const std::string inner = faultOf(part); !inner.empty()) return inner;
            satisfied += part.satisfied;
        }
        if (explanation.have != satisfied) return fault("counts wrongly");
        if (explanation.satisfied != (explanation.have >= explanation.needed))
            return fault("decides wrongly");
    }
    if (policy::missingOf(explanation).empty() != explanation.satisfied)
        return fault("does not say what is missing");
    if (policy::toSentence(explanation).empty()) return fault("has no sentence");
    return "";
}

}  // namespace chancery::test

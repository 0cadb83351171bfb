#include "src/base/Encoding.h"
#include "src/policy/Policy.h"

namespace chancery::policy {

namespace {

constexpr std::size_t kMaxListed = 6;
constexpr std::size_t kMaxBytes = 1000;
constexpr int kMaxNesting = 3;  // deeper gates would no longer read as a sentence

std::string joined(const std::vector<std::string>& items, std::string_view lastWord) {
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) text += i + 1 == items.size() ? fmt::format(" {} ", lastWord) : ", ";
        text += items[i];
    }
    return text;
}

std::string missing(const Explanation& explanation, int nesting);

std::string partPhrase(const Explanation& part, int nesting) {
    if (!part.name.empty()) return fmt::format("{} ({})", part.name, missing(part, nesting + 1));
    if (!part.phrase.empty()) return part.phrase;
    return fmt::format("({})", missing(part, nesting + 1));
}

std::string missing(const Explanation& explanation, int nesting) {
    if (!explanation.phrase.empty()) return explanation.phrase;
    const std::size_t short_ = explanation.needed - std::min(explanation.needed, explanation.have);
    std::vector<std::string> unmet;
    std::size_t count = 0;
    for (const auto& part : explanation.parts) {
        if (part.satisfied || ++count > kMaxListed) continue;
        unmet.push_back(nesting < kMaxNesting ? partPhrase(part, nesting) : part.rule);
    }
    if (count < short_) return "what no signature can give";
    if (count > kMaxListed) unmet.push_back(fmt::format("{} more", count - kMaxListed));
    if (count == short_) return joined(unmet, "and");
    if (short_ == 1) return joined(unmet, "or");
    return fmt::format("{} of {}", short_, joined(unmet, "and"));
}

class Signers {
public:
    void collect(const Explanation& explanation) {
        if (!explanation.satisfied) return;
        if (!explanation.usedBy.empty() && m_known.insert(explanation.usedBy).second)
            m_inOrder.push_back(explanation.usedBy);
        for (const auto& part : explanation.parts) collect(part);
    }
    std::vector<std::string> list() && {
        if (m_inOrder.size() > kMaxListed) {
            const std::size_t more = m_inOrder.size() - kMaxListed;
            m_inOrder.resize(kMaxListed);
            m_inOrder.push_back(fmt::format("{} more", more));
        }
        return std::move(m_inOrder);
    }

private:
    std::set<std::string_view> m_known;
    std::vector<std::string> m_inOrder;
};

}  // namespace

std::string missingOf(const Explanation& explanation) {
    return explanation.satisfied ? std::string() : printable(missing(explanation, 0), kMaxBytes);
}

std::string toSentence(const Explanation& explanation) {
    const std::string name = explanation.name.empty() ? "" : explanation.name + ": ";
    if (explanation.satisfied) {
        Signers signers;
        signers.collect(explanation);
        const std::vector<std::string> names = std::move(signers).list();
        return name + (names.empty() ? "satisfied without any signature"
                                     : "satisfied by " + joined(names, "and"));
    }
    if (!explanation.why.empty() && explanation.phrase.empty()) return name + explanation.why;
    return fmt::format("{}have {} of {}, missing {}", name, explanation.have, explanation.needed,
                       missingOf(explanation));
}

}  // namespace chancery::policy

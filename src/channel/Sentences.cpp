#include "src/channel/Sentences.h"

#include <unordered_map>

#include "src/channel/Subjects.h"

namespace chancery::channel {
namespace {

std::string_view suffixOf(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::Added:
            return "_ADDED";
        case ChangeKind::Removed:
            return "_REMOVED";
        case ChangeKind::Changed:
            break;
    }
    return "_CHANGED";
}

std::string textOf(const Subject& subject, ChangeKind kind) {
    const std::string noun(subject.noun);
    const bool isItem = subject.form == SubjectForm::Item;
    switch (kind) {
        case ChangeKind::Added:
            return isItem ? noun + " added" : noun + ": {after}";
        case ChangeKind::Removed:
            return isItem ? noun + " removed" : noun + " removed, was: {before}";
        case ChangeKind::Changed:
            break;
    }
    return noun + ": {before} → {after}";
}

std::vector<SentenceTemplate> makeTemplates() {
    std::vector<SentenceTemplate> all;
    for (const Subject& subject : subjects())
        for (const ChangeKind kind :
             {ChangeKind::Added, ChangeKind::Removed, ChangeKind::Changed}) {
            const std::string_view special = kind == ChangeKind::Added     ? subject.added
                                             : kind == ChangeKind::Removed ? subject.removed
                                                                           : subject.changed;
            all.push_back({std::string(subject.name).append(suffixOf(kind)),
                           special.empty() ? textOf(subject, kind) : std::string(special)});
        }
    return all;
}

void append(const std::vector<Change>& changes, std::size_t level,
            std::vector<std::string>& lines) {
    for (const Change& change : changes) {
        lines.push_back(std::string(level * 2, ' ') + toSentence(change));
        append(change.details, level + 1, lines);
    }
}

}  // namespace

const std::vector<SentenceTemplate>& sentenceTemplates() {
    static const std::vector<SentenceTemplate> all = makeTemplates();
    return all;
}

std::string templateIdOf(const Change& change) {
    return change.subject + std::string(suffixOf(change.kind));
}

std::string toSentence(const Change& change) {
    static const std::unordered_map<std::string, std::string> byId = [] {
        std::unordered_map<std::string, std::string> all;
        for (const SentenceTemplate& one : sentenceTemplates()) all.emplace(one.id, one.text);
        return all;
    }();
    const auto found = byId.find(templateIdOf(change));
    if (found == byId.end()) return templateIdOf(change) + " " + change.path;
    const std::string& text = found->second;
    std::string sentence;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text[at] == '{' ? text.find('}', at) : std::string::npos;
        if (end == std::string::npos) {
            sentence += text[at++];
            continue;
        }
        const std::string name = text.substr(at + 1, end - at - 1);
        sentence += name == "path" ? std::string_view(change.path) : change.argument(name);
        at = end + 1;
    }
    return sentence;
}

std::vector<std::string> toSentences(const std::vector<Change>& changes) {
    std::vector<std::string> lines;
    append(changes, 0, lines);
    return lines;
}

}  // namespace chancery::channel

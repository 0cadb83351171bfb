#include "src/base/Sentence.h"

namespace chancery {

Sentence& Sentence::with(std::string_view name, const Sentence& inner) {
    const std::string prefix(name);
    arguments.emplace_back(prefix, inner.english);
    if (inner.id.empty()) return *this;
    arguments.emplace_back(prefix + ".id", inner.id);
    for (const auto& [key, value] : inner.arguments)
        arguments.emplace_back(prefix + "." + key, value);
    return *this;
}

Sentence Sentence::inner(std::string_view name) const {
    Sentence found{.english = std::string(argument(name))};
    const std::string prefix = std::string(name) + ".";
    for (const auto& [key, value] : arguments) {
        if (!key.starts_with(prefix)) continue;
        if (const std::string rest = key.substr(prefix.size()); rest == "id")
            found.id = value;
        else
            found.arguments.emplace_back(rest, value);
    }
    return found;
}

std::string_view Sentence::argument(std::string_view name) const {
    for (const auto& [key, value] : arguments)
        if (key == name) return value;
    return {};
}

Sentence say(std::string_view id, std::string_view english, ErrorArguments arguments) {
    Sentence sentence{.id = std::string(id), .arguments = std::move(arguments)};
    for (std::size_t at = 0; at < english.size();) {
        const std::size_t end = english[at] == '{' ? english.find('}', at) : std::string::npos;
        if (end == std::string_view::npos) {
            sentence.english += english[at++];
            continue;
        }
        sentence.english += sentence.argument(english.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    return sentence;
}

Sentence say(std::string_view id, std::string_view english, ErrorArguments arguments,
             const Sentence& why) {
    Sentence whole{.arguments = std::move(arguments)};
    whole.with("why", why);
    return say(id, english, std::move(whole.arguments));
}

Sentence sentenceOf(const Status& status) {
    return {std::string(messageOf(status)), reasonOf(status), argumentsOf(status)};
}

}  // namespace chancery

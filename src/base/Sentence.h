#pragma once

#include <string>
#include <string_view>

#include "src/base/Status.h"

namespace chancery {

/// What a person is told, ready to be said in another language: the id of a template, what the
/// template names, and the whole in English.
struct Sentence {
    std::string english;
    std::string id;  ///< stable: "KEY_CHANGED"; empty: no template, the text stands as it is
    ErrorArguments arguments;

    bool empty() const { return english.empty(); }
    /// Adds an argument that is a sentence itself: its parts stand as "name.id" and
    /// "name.argument" beside its English text.
    Sentence& with(std::string_view name, const Sentence& inner);
    /// The sentence that stands as an argument; only a text when with() did not make it.
    Sentence inner(std::string_view name) const;
    /// Empty when there is no such argument.
    std::string_view argument(std::string_view name) const;

    friend bool operator==(const Sentence&, const Sentence&) = default;
};

/// Fills the places {name} of an English template. `inner` is a sentence that the template names
/// as {why}.
Sentence say(std::string_view id, std::string_view english, ErrorArguments arguments = {});
Sentence say(std::string_view id, std::string_view english, ErrorArguments arguments,
             const Sentence& why);

/// An error's reason, arguments and sentence.
Sentence sentenceOf(const Status& status);

/// Of a value that keeps the parts of a sentence beside others: a finding, a cause.
template <class T>
Sentence told(const T& value) {
    return {value.sentence, value.reason, value.arguments};
}
template <class T>
void tell(T& value, Sentence sentence) {
    value.reason = std::move(sentence.id);
    value.sentence = std::move(sentence.english);
    value.arguments = std::move(sentence.arguments);
}

}  // namespace chancery

#pragma once

#include <QString>
#include <span>

#include "src/base/Sentence.h"

class QTranslator;

namespace chancery::ui {

/// What use cases say, in the language of the console. Its template is the translation of the id
/// in the context "Sentences": {name} is an argument, {name|w} one whose value is a word (context
/// "SentenceWords"), {name|t} one that may be empty; what stands in [brackets] is left out when an
/// argument in it is missing. What has no template, or lacks an argument, stands in English. Any
/// thread.
class Sentences {
public:
    /// Made printable, at most `maxBytes` of an argument or of the English text.
    static QString tell(const Sentence& sentence, std::size_t maxBytes = 2000);
    /// In a language that need not be the console's.
    static QString tell(const Sentence& sentence, const QTranslator& language,
                        std::size_t maxBytes = 2000);
    /// An argument that is a word, such as "orderers" or "12 bytes".
    static QString word(std::string_view english);

    /// Every id and every word that translations have, for whoever looks after them.
    static std::span<const char* const> ids();
    static std::span<const char* const> words();
};

}  // namespace chancery::ui

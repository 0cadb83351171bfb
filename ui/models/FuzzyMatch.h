#pragma once

#include <QList>
#include <QString>
#include <optional>

namespace chancery::ui {

struct TextRange {
    qsizetype begin = 0;
    qsizetype length = 0;
    friend bool operator==(const TextRange&, const TextRange&) = default;
};

struct FuzzyMatch {
    int score = 0;            ///< higher is better; only comparable for one query
    QList<TextRange> ranges;  ///< what matched, in order, not overlapping
};

/// Case is folded letter by letter, so that places in both texts are the same.
QString folded(const QString& text);

/// How well a folded text fits a folded query. Every word of the query must be found: best at the
/// beginning of the text, then at the beginning of a word, then inside one, then as letters in
/// order ("va" finds "Verify again"). Nothing when a word is not found; an empty query fits all.
std::optional<FuzzyMatch> fuzzyMatch(const QString& foldedText, const QString& foldedQuery);

}  // namespace chancery::ui

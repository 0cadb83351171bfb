#include "ui/models/FuzzyMatch.h"

#include <algorithm>

namespace chancery::ui {
namespace {

constexpr int kAtBeginning = 120, kAtWord = 100, kInside = 60, kLetterAtWord = 14, kLetter = 4;
constexpr int kGap = 1;

bool beginsWord(QStringView text, qsizetype at) {
    return at == 0 || !text[at - 1].isLetterOrNumber();
}

std::optional<FuzzyMatch> asPiece(QStringView text, QStringView word) {
    qsizetype best = -1;
    for (qsizetype at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
        if (best < 0) best = at;
        if (beginsWord(text, at)) {
            best = at;
            break;
        }
    }
    if (best < 0) return std::nullopt;
    const int place = best == 0 ? kAtBeginning : beginsWord(text, best) ? kAtWord : kInside;
    return FuzzyMatch{place + static_cast<int>(word.size()) * 4, {{best, word.size()}}};
}

/// Letters in order; a letter that begins a word is preferred to the next one.
std::optional<FuzzyMatch> asLetters(QStringView text, QStringView word) {
    FuzzyMatch match;
    qsizetype from = 0;
    for (const QChar letter : word) {
        qsizetype at = text.indexOf(letter, from);
        if (at < 0) return std::nullopt;
        const bool follows = at == from && from > 0;
        if (!follows) {
            for (qsizetype later = at; later >= 0; later = text.indexOf(letter, later + 1)) {
                if (!beginsWord(text, later)) continue;
                at = later;
                break;
            }
        }
        match.score += beginsWord(text, at) ? kLetterAtWord : kLetter;
        match.score -= kGap * static_cast<int>(std::min<qsizetype>(at - from, 6));
        if (!match.ranges.isEmpty() && match.ranges.last().begin + match.ranges.last().length == at)
            ++match.ranges.last().length;
        else
            match.ranges.append({at, 1});
        from = at + 1;
    }
    // Letters scattered over a text are an accident.
    if (match.score <= 0) return std::nullopt;
    return match;
}

void merge(QList<TextRange>& ranges) {
    std::sort(ranges.begin(), ranges.end(),
              [](const TextRange& a, const TextRange& b) { return a.begin < b.begin; });
    QList<TextRange> merged;
    for (const TextRange& range : ranges) {
        if (!merged.isEmpty() && range.begin <= merged.last().begin + merged.last().length) {
            const qsizetype end =
                std::max(merged.last().begin + merged.last().length, range.begin + range.length);
            merged.last().length = end - merged.last().begin;
        } else {
            merged.append(range);
        }
    }
    ranges = merged;
}

}  // namespace

QString folded(const QString& text) {
    QString result = text;
    for (QChar& c : result) c = c.toCaseFolded();
    return result;
}

std::optional<FuzzyMatch> fuzzyMatch(const QString& foldedText, const QString& foldedQuery) {
    FuzzyMatch all;
    for (const QStringView word :
         QStringView(foldedQuery).split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        auto match = asPiece(foldedText, word);
        if (!match && word.size() > 1) match = asLetters(foldedText, word);
        if (!match) return std::nullopt;
        all.score += match->score;
        all.ranges += match->ranges;
    }
    merge(all.ranges);
    // Of two that fit equally, the shorter one was probably meant.
    all.score -= static_cast<int>(std::min<qsizetype>(foldedText.size(), 120) / 4);
    return all;
}

}  // namespace chancery::ui

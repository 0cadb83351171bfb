#include "ui/models/Sentences.h"

#include <QCoreApplication>
#include <QTranslator>
#include <algorithm>
#include <optional>

#include "ui/models/LedgerText.h"

namespace chancery::ui {
namespace {

constexpr int kMostNested = 8;

/// Where templates and words are looked up.
class Book {
public:
    /// Null: the language of the console.
    explicit Book(const QTranslator* translator) : m_translator(translator) {}

    /// Empty when there is none.
    QString find(const char* context, const std::string& text) const {
        if (m_translator) return m_translator->translate(context, text.c_str());
        const QString found = QCoreApplication::translate(context, text.c_str());
        return found == QString::fromStdString(text) ? QString() : found;
    }

    QString word(const std::string& text) const {
        if (const QString found = find("SentenceWords", text); !found.isEmpty()) return found;
        // "12 bytes" and what follows it.
        const std::size_t digits = text.find_first_not_of("0123456789");
        if (digits == 0 || digits == std::string::npos || text[digits] != ' ')
            return LedgerText::plain(text);
        const std::size_t end = std::min(text.find_first_of(" ,", digits + 1), text.size());
        const QString unit = find("SentenceWords", "%1" + text.substr(digits, end - digits));
        if (unit.isEmpty()) return LedgerText::plain(text);
        return unit.arg(QString::fromStdString(text.substr(0, digits))) +
               LedgerText::plain(text.substr(end));
    }

private:
    const QTranslator* m_translator;
};

/// Fills a template; without a value when an argument is missing outside brackets.
class Filling {
public:
    Filling(const Book& book, const Sentence& sentence, std::size_t maxBytes, int depth)
        : m_book(book), m_sentence(sentence), m_maxBytes(maxBytes), m_depth(depth) {}

    static QString tell(const Book& book, const Sentence& sentence, std::size_t maxBytes,
                        int depth) {
        if (!sentence.id.empty())
            if (const QString text = book.find("Sentences", sentence.id); !text.isEmpty())
                if (const auto filled = Filling(book, sentence, maxBytes, depth).run(text))
                    return *filled;
        return LedgerText::plain(sentence.english, maxBytes);
    }

private:
    std::optional<QString> run(QStringView text) const {
        QString filled;
        for (qsizetype at = 0; at < text.size(); ++at) {
            const bool group = text[at] == QLatin1Char('[');
            if (!group && text[at] != QLatin1Char('{')) {
                filled += text[at];
                continue;
            }
            const qsizetype end = text.indexOf(group ? QLatin1Char(']') : QLatin1Char('}'), at);
            if (end < 0) return std::nullopt;
            const QStringView inner = text.mid(at + 1, end - at - 1);
            const std::optional<QString> part = group ? run(inner) : argument(inner);
            if (!part && !group) return std::nullopt;
            if (part) filled += *part;
            at = end;
        }
        if (filled.isEmpty()) return std::nullopt;
        return filled;
    }

private:
    std::optional<QString> argument(QStringView place) const {
        const qsizetype mark = place.indexOf(QLatin1Char('|'));
        const std::string name = place.left(mark < 0 ? place.size() : mark).toUtf8().toStdString();
        const QStringView kind = mark < 0 ? QStringView() : place.mid(mark + 1);
        const std::string_view value = m_sentence.argument(name);
        if (value.empty())
            return kind == QLatin1String("t") ? std::optional(QString()) : std::nullopt;
        if (kind == QLatin1String("w")) return m_book.word(std::string(value));
        if (const Sentence inner = m_sentence.inner(name); !inner.id.empty() && m_depth > 0)
            return tell(m_book, inner, m_maxBytes, m_depth - 1);
        return LedgerText::plain(value, m_maxBytes);
    }

    const Book& m_book;
    const Sentence& m_sentence;
    std::size_t m_maxBytes;
    int m_depth;
};

}  // namespace

QString Sentences::tell(const Sentence& sentence, std::size_t maxBytes) {
    return Filling::tell(Book(nullptr), sentence, maxBytes, kMostNested);
}

QString Sentences::tell(const Sentence& sentence, const QTranslator& language,
                        std::size_t maxBytes) {
    return Filling::tell(Book(&language), sentence, maxBytes, kMostNested);
}

QString Sentences::word(std::string_view english) {
    return Book(nullptr).word(std::string(english));
}

}  // namespace chancery::ui

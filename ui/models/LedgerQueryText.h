#pragma once

#include <QCoreApplication>
#include <QString>
#include <optional>
#include <vector>

#include "src/usecase/LedgerQuery.h"

namespace chancery::ui {

/// The query language as the query field needs it. Places are UTF-16 units of the text.
class LedgerQueryText {
    Q_DECLARE_TR_FUNCTIONS(LedgerQueryText)
public:
    struct Part {
        qsizetype begin = 0, end = 0;
        QString label;  ///< "block ≥ 1,204,000"
        QString error;  ///< why it cannot be meant
    };
    /// Finished terms with a field, and what cannot be read; free text is in none of them.
    static std::vector<Part> partsOf(const QString& text);
    static QString labelOf(const usecase::LedgerTerm& term);
    /// Nothing when the text cannot be read; then `error` says why.
    static std::optional<usecase::LedgerQuery> parse(const QString& text, QString* error = nullptr);

    struct Completion {
        QString text, hint;
        qsizetype begin = 0, end = 0;
    };
    /// Words of the language.
    static std::vector<Completion> words(const QString& text, qsizetype cursor);
    static std::vector<Completion> fromBytes(const QString& text,
                                             std::vector<usecase::LedgerCompletion> completions);
};

}  // namespace chancery::ui

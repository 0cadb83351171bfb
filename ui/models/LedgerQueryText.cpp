#include "ui/models/LedgerQueryText.h"

#include <QDateTime>

#include "src/base/Status.h"
#include "src/usecase/LedgerQueryLexer.h"
#include "ui/models/LedgerText.h"
#include "ui/models/Sentences.h"

namespace chancery::ui {
namespace {

using namespace usecase;

std::int64_t nanosecondsNow() {
    return QDateTime::currentMSecsSinceEpoch() * 1'000'000;
}

/// UTF-16 place of a byte of the same text in UTF-8.
qsizetype unitOf(const QByteArray& bytes, std::size_t at) {
    return QString::fromUtf8(bytes.left(static_cast<qsizetype>(at))).size();
}

QString fieldName(LedgerField field) {
    switch (field) {
        case LedgerField::Any:
            return {};
        case LedgerField::Block:
            return LedgerQueryText::tr("block");
        case LedgerField::Time:
            return LedgerQueryText::tr("time");
        case LedgerField::Size:
            return LedgerQueryText::tr("size");
        case LedgerField::Transactions:
            return LedgerQueryText::tr("transactions");
        case LedgerField::TxId:
            return LedgerQueryText::tr("transaction");
        case LedgerField::Key:
            return LedgerQueryText::tr("key");
        case LedgerField::Contract:
            return LedgerQueryText::tr("contract");
        case LedgerField::Function:
            return LedgerQueryText::tr("function");
        case LedgerField::Creator:
            return LedgerQueryText::tr("creator");
        case LedgerField::Org:
            return LedgerQueryText::tr("organisation");
        case LedgerField::Endorser:
            return LedgerQueryText::tr("endorser");
        case LedgerField::Event:
            return LedgerQueryText::tr("event");
        case LedgerField::Result:
            return LedgerQueryText::tr("result");
        case LedgerField::Code:
            return LedgerQueryText::tr("code");
        case LedgerField::Type:
            return LedgerQueryText::tr("type");
    }
    return {};
}

QString sign(LedgerComparison comparison) {
    switch (comparison) {
        case LedgerComparison::Is:
            return {};
        case LedgerComparison::Less:
            return QStringLiteral("< ");
        case LedgerComparison::LessOrEqual:
            return QStringLiteral("≤ ");
        case LedgerComparison::Greater:
            return QStringLiteral("> ");
        case LedgerComparison::GreaterOrEqual:
            return QStringLiteral("≥ ");
    }
    return {};
}

}  // namespace

QString LedgerQueryText::labelOf(const LedgerTerm& term) {
    QString value = LedgerText::plain(term.value, 120);
    if (term.field == LedgerField::Block || term.field == LedgerField::Transactions)
        value = LedgerText::number(static_cast<std::uint64_t>(term.number));
    if (term.field == LedgerField::Size)
        value = LedgerText::size(static_cast<std::uint64_t>(term.number));
    QString label = fieldName(term.field);
    if (!label.isEmpty()) label += QLatin1Char(' ');
    label += sign(term.comparison) + value;
    return term.negated ? tr("not %1").arg(label) : label;
}

std::optional<LedgerQuery> LedgerQueryText::parse(const QString& text, QString* error) {
    auto query = parseLedgerQuery(text.toStdString(), nanosecondsNow());
    if (query.ok()) return *std::move(query);
    if (error) *error = LedgerText::error(query.status());
    return std::nullopt;
}

namespace {

/// What cannot be read often is a value; its whole term is what somebody wrote.
std::pair<qlonglong, qlonglong> wholeTerm(const QByteArray& text, qlonglong begin, qlonglong end) {
    const std::string_view bytes(text.constData(), static_cast<std::size_t>(text.size()));
    std::size_t at = 0;
    while (const auto lexeme = nextLexeme(bytes, at)) {
        if (static_cast<qlonglong>(lexeme->end) >= end) {
            if (static_cast<qlonglong>(lexeme->begin) <= begin)
                return {static_cast<qlonglong>(lexeme->begin), static_cast<qlonglong>(lexeme->end)};
            break;
        }
        at = std::max(lexeme->end, at + 1);
    }
    return {begin, end};
}

}  // namespace

std::vector<LedgerQueryText::Part> LedgerQueryText::partsOf(const QString& text) {
    std::vector<Part> parts;
    const QByteArray whole = text.toUtf8();
    QByteArray rest = whole;
    // What cannot be read is blanked out, so that the terms around it are still found.
    for (int i = 0; i < 32; ++i) {
        auto query = parseLedgerQuery(rest.toStdString(), nanosecondsNow());
        if (query.ok()) {
            for (const LedgerTerm& term : query->terms)
                if (term.field != LedgerField::Any)
                    parts.push_back(
                        {unitOf(whole, term.begin), unitOf(whole, term.end), labelOf(term), {}});
            break;
        }
        const auto badBegin =
            QByteArray::fromStdString(argumentOf(query.status(), "begin")).toLongLong();
        const auto badEnd =
            QByteArray::fromStdString(argumentOf(query.status(), "end")).toLongLong();
        if (badEnd <= badBegin || badEnd > rest.size()) break;
        const auto [begin, end] = wholeTerm(rest, badBegin, badEnd);
        parts.push_back({unitOf(whole, static_cast<std::size_t>(begin)),
                         unitOf(whole, static_cast<std::size_t>(end)),
                         {},
                         LedgerText::error(query.status())});
        for (qlonglong at = begin; at < end; ++at) rest[at] = ' ';
    }
    std::sort(parts.begin(), parts.end(),
              [](const Part& one, const Part& other) { return one.begin < other.begin; });
    return parts;
}

std::vector<LedgerQueryText::Completion> LedgerQueryText::words(const QString& text,
                                                                qsizetype cursor) {
    return fromBytes(
        text, completeLedgerWords(text.toStdString(),
                                  static_cast<std::size_t>(text.left(cursor).toUtf8().size())));
}

std::vector<LedgerQueryText::Completion> LedgerQueryText::fromBytes(
    const QString& text, std::vector<LedgerCompletion> completions) {
    const QByteArray bytes = text.toUtf8();
    std::vector<Completion> out;
    for (const LedgerCompletion& one : completions)
        out.push_back({LedgerText::plain(one.text, 500), Sentences::word(one.detail),
                       unitOf(bytes, one.begin), unitOf(bytes, one.end)});
    return out;
}

}  // namespace chancery::ui

#include "ui/models/LedgerExports.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QTranslator>

#include "src/usecase/ExportEvidence.h"
#include "src/usecase/ExportLedger.h"
#include "ui/models/EvidenceReportPdf.h"
#include "ui/models/LedgerPageModel.h"
#include "ui/models/LedgerText.h"
#include "ui/models/OperationModel.h"
#include "ui/models/Sentences.h"

namespace chancery::ui {

using namespace usecase;

namespace {

struct Outcome {
    Status status;
    std::uint64_t blocks = 0, transactions = 0, files = 0;
};

Outcome writeEvidence(const LedgerExports::Request& request, const LedgerLocation& location,
                      const OnProgress& progress, const std::string& version,
                      std::stop_token stop) {
    ExportEvidenceRequest evidence;
    evidence.location = location;
    if (request.transaction)
        evidence.transactions.emplace_back(*request.transaction);
    else
        evidence.blocks = {request.first, request.last};
    evidence.folder = request.out.toStdString();
    evidence.language = request.chinese ? EvidenceLanguage::Chinese : EvidenceLanguage::English;
    // The report's language need not be the console's.
    QTranslator language;
    if (request.chinese && language.load(QStringLiteral(":/translations/chancery_zh_CN.qm")))
        evidence.say = [&language](const Sentence& sentence) {
            return Sentences::tell(sentence, language, 4096).toStdString();
        };
    evidence.toolVersion = version;
    evidence.now = absl::Now();
    evidence.stop = stop;
    evidence.progress = progress;
    evidence.extraFiles = [](const std::string& html) -> Result<std::vector<EvidenceExtraFile>> {
        ASSIGN_OR_RETURN(Bytes pdf, evidenceReportPdf(html, "Evidence"));
        return std::vector<EvidenceExtraFile>{{"report.pdf", std::move(pdf)}};
    };
    const auto result = ExportEvidence().run(evidence);
    if (!result.ok()) return {result.status()};
    return {absl::OkStatus(), result->blocks, result->transactions, result->files.size()};
}

Outcome writeLedger(const LedgerExports::Request& request, const LedgerLocation& location,
                    const OnProgress& progress, std::stop_token stop) {
    ExportLedgerRequest wanted;
    wanted.location = location;
    wanted.format = request.form == LedgerExports::Form::Csv      ? ExportFormat::Csv
                    : request.form == LedgerExports::Form::Blocks ? ExportFormat::Blocks
                                                                  : ExportFormat::Json;
    wanted.out = request.out.toStdString();
    wanted.first = request.first;
    wanted.last = request.last;
    wanted.progress = progress;
    wanted.stop = stop;
    const auto result = ExportLedger().run(wanted);
    if (!result.ok()) return {result.status()};
    return {absl::OkStatus(), result->blocks, result->transactions, result->files};
}

}  // namespace

LedgerExports::LedgerExports(LedgerPageModel* page, OperationModel* operations, QObject* parent)
    : QObject(parent), m_page(page), m_operations(operations) {}

LedgerExports::~LedgerExports() {
    if (!m_operations) return;
    for (const auto& [call, running] : m_calls)
        if (running.operation)
            m_operations->finish(running.operation, Operation::State::Cancelled,
                                 OperationModel::wordOf(Operation::State::Cancelled));
}

QString LedgerExports::suggestedName(Form form, const QString& channel) {
    QString base = channel.isEmpty() ? QStringLiteral("ledger") : channel;
    // Names of channels are plain, but a file may claim anything.
    for (QChar& c : base)
        if (!c.isLetterOrNumber() && c != QLatin1Char('-')) c = QLatin1Char('_');
    base = base.left(80) +
           QDateTime::currentDateTimeUtc().toString(QStringLiteral("-yyyyMMdd-HHmmss"));
    switch (form) {
        case Form::Json:
            return base + QStringLiteral(".json");
        case Form::Csv:
            return base + QStringLiteral(".csv");
        case Form::Blocks:
            return base + QStringLiteral("-blocks");
        case Form::Evidence:
            break;
    }
    return base + QStringLiteral("-evidence");
}

LedgerLocation LedgerExports::location() const {
    LedgerLocation location;
    for (const QString& path : m_page->paths()) location.paths.emplace_back(path.toStdString());
    if (!m_page->snapshot().isEmpty()) location.snapshot = m_page->snapshot().toStdString();
    return location;
}

void LedgerExports::run(const Request& request) {
    const quint64 call = ++m_last;
    quint64 operation = 0;
    // Not the call's own, which would drop the answer: the operation tells how it ended.
    std::stop_source cancelled;
    if (m_operations) {
        Operation shown;
        shown.title = request.form == Form::Evidence
                          ? tr("Export evidence of %1").arg(m_page->channel())
                          : tr("Export %1").arg(m_page->channel());
        shown.target = request.out;
        shown.step = tr("Reading blocks");
        shown.cancel = [cancelled]() mutable { cancelled.request_stop(); };
        operation = m_operations->start(std::move(shown));
    }
    // Told at most every 50 ms, whatever the writer does.
    auto lastTold = std::make_shared<std::int64_t>(0);
    const OnProgress progress = [guard = QPointer<QObject>(this), this, operation,
                                 lastTold](const Progress& at) {
        const std::int64_t now = absl::ToUnixMillis(absl::Now());
        if (now - *lastTold < 50 || at.bytesTotal == 0) return;
        *lastTold = now;
        const double fraction =
            static_cast<double>(at.bytesDone) / static_cast<double>(at.bytesTotal);
        GuiExecutor::post(guard, [this, operation, fraction, blocks = at.blocks] {
            if (m_operations && operation)
                m_operations->progress(operation, fraction,
                                       tr("%n block(s) read", "", static_cast<int>(blocks)));
        });
    };
    const std::string version = QCoreApplication::applicationVersion().toStdString();
    m_calls[call].operation = operation;
    m_calls[call].handle = callLong(
        this,
        [request, location = location(), progress, version, cancelled](std::stop_token gone) {
            std::stop_source either = cancelled;  // the same state
            const std::stop_callback alsoThen(gone, [&either] { either.request_stop(); });
            return request.form == Form::Evidence
                       ? writeEvidence(request, location, progress, version, either.get_token())
                       : writeLedger(request, location, progress, either.get_token());
        },
        [this, call, operation, request](Outcome outcome) {
            const auto handle = m_calls.extract(call);
            const QString sentence = request.form == Form::Evidence
                                         ? tr("Evidence of %n transaction(s) written", "",
                                              static_cast<int>(outcome.transactions))
                                         : tr("Exported %1 transactions in %2 blocks")
                                               .arg(LedgerText::number(outcome.transactions),
                                                    LedgerText::number(outcome.blocks));
            done(operation, outcome.status, sentence, request.out);
        });
}

void LedgerExports::done(quint64 operation, const Status& status, const QString& sentence,
                         const QString& path) {
    const Operation::State state = status.ok() ? Operation::State::Succeeded
                                   : status.code() == StatusCode::kCancelled
                                       ? Operation::State::Cancelled
                                       : Operation::State::Failed;
    const QString text = status.ok()                            ? sentence
                         : state == Operation::State::Cancelled ? OperationModel::wordOf(state)
                                                                : LedgerText::error(status);
    if (m_operations && operation) {
        if (status.ok()) m_operations->setReveal(operation, path, {});
        m_operations->finish(
            operation, state, text,
            state == Operation::State::Failed ? LedgerText::errorDetails(status) : QString());
    }
    Q_EMIT finished(status.ok(), text, path);
}

void LedgerExports::compare(const QStringList& paths, std::optional<quint64> at) {
    if (!m_page->ledger()) return;
    OpenLedgerRequest request;
    for (const QString& path : paths) request.location.paths.emplace_back(path.toStdString());
    request.indexes = m_page->indexes();
    m_comparison = callLong(
        this,
        [left = m_page->ledger(), request, at = std::optional<BlockNumber>(at)](
            std::stop_token stop) -> Result<LedgerComparisonResult> {
            ASSIGN_OR_RETURN(std::unique_ptr<BrowseLedger> right, BrowseLedger::open(request));
            RETURN_IF_ERROR(right->sync(stop));
            return compareLedgers(*left, *right, at);
        },
        [this](Result<LedgerComparisonResult> result) {
            Comparison shown;
            if (!result.ok()) {
                shown.sentence = LedgerText::error(result.status());
                Q_EMIT compared(shown);
                return;
            }
            shown.ok = true;
            shown.equal = !result->firstDifferent && !result->damaged;
            shown.height = result->height;
            if (result->firstDifferent) shown.block = *result->firstDifferent;
            if (result->damaged) shown.damaged = *result->damaged;
            shown.left = LedgerText::fullHash(result->leftHash);
            shown.right = LedgerText::fullHash(result->rightHash);
            shown.leftCommit = LedgerText::fullHash(result->leftCommitHash);
            shown.rightCommit = LedgerText::fullHash(result->rightCommitHash);
            shown.sentence = Sentences::tell(result->sentence, 1000);
            Q_EMIT compared(shown);
        });
}

void LedgerExports::cancelComparison() {
    m_comparison = CallHandle();
}

}  // namespace chancery::ui

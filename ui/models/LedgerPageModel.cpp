#include "ui/models/LedgerPageModel.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>

#include "ui/models/LedgerText.h"
#include "ui/models/OperationModel.h"
#include "ui/models/Sentences.h"

namespace chancery::ui {

using namespace usecase;

namespace {

ErrorArguments argumentsWithFile(const usecase::LedgerFinding& finding) {
    ErrorArguments arguments = finding.arguments;
    const auto isFile = [](const auto& argument) { return argument.first == "file"; };
    if (std::none_of(arguments.begin(), arguments.end(), isFile))
        arguments.emplace_back("file", finding.file);
    return arguments;
}

constexpr std::size_t kHistogramBuckets = 160;
constexpr std::size_t kCompletions = 12;
constexpr int kRevisionInterval = 50;
constexpr int kHistogramPause = 1500;

LedgerTerm term(LedgerField field, LedgerComparison comparison, std::string value,
                std::int64_t number) {
    LedgerTerm made;
    made.field = field;
    made.comparison = comparison;
    made.value = std::move(value);
    made.number = number;
    return made;
}

LedgerTerm blockTerm(LedgerComparison comparison, BlockNumber number) {
    return term(LedgerField::Block, comparison, std::to_string(number),
                static_cast<std::int64_t>(number));
}

int secondsOf(LedgerPageModel::Span span) {
    switch (span) {
        case LedgerPageModel::Span::LastHour:
            return 3600;
        case LedgerPageModel::Span::LastDay:
            return 24 * 3600;
        case LedgerPageModel::Span::LastWeek:
            return 7 * 24 * 3600;
        case LedgerPageModel::Span::All:
            break;
    }
    return 0;
}

}  // namespace

LedgerPageModel::LedgerPageModel(OperationModel* operations, std::filesystem::path indexes,
                                 QObject* parent)
    : QObject(parent),
      m_operations(operations),
      m_indexes(std::move(indexes)),
      m_revision([this] { pullStatus(); }, kRevisionInterval) {
    connect(&m_blocks, &BlockModel::failed, this, &LedgerPageModel::problem);
    connect(&m_blocks, &BlockModel::modelReset, this, &LedgerPageModel::checkHits);
    connect(&m_blocks, &BlockModel::rowsInserted, this, &LedgerPageModel::checkHits);
    m_histogramPause.setSingleShot(true);
    m_histogramPause.setInterval(kHistogramPause);
    connect(&m_histogramPause, &QTimer::timeout, this, &LedgerPageModel::loadHistogram);
}

LedgerPageModel::~LedgerPageModel() {
    m_syncStop.request_stop();
    m_subscription.reset();
    m_streamSubscription.reset();
    if (m_followed.follow) m_followed.follow->stop();
}

QString LedgerPageModel::keyOf(const QStringList& paths, const QString& snapshot) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QString& path : paths + QStringList{snapshot}) {
        const QString whole =
            path.isEmpty() ? path : QDir::cleanPath(QFileInfo(path).absoluteFilePath());
        hash.addData(whole.toUtf8());
        hash.addData(QByteArray(1, '\0'));
    }
    return QString::fromLatin1(hash.result().toHex().left(12));
}

void LedgerPageModel::open(const QStringList& paths, const QString& snapshot) {
    close();
    m_paths = paths;
    m_snapshot = snapshot;
    m_key = keyOf(paths, snapshot);
    OpenLedgerRequest request;
    for (const QString& path : paths) request.location.paths.emplace_back(path.toStdString());
    if (!snapshot.isEmpty()) request.location.snapshot = snapshot.toStdString();
    request.indexes = m_indexes;
    setState(State::Opening);
    m_opening = callLong(
        this, [request](std::stop_token) { return BrowseLedger::open(request); },
        [this](Result<std::unique_ptr<BrowseLedger>> ledger) { opened(std::move(ledger)); });
}

void LedgerPageModel::follow(Followed target) {
    close();
    m_followed = std::move(target);
    m_key = m_followed.key;
    m_paths = {m_followed.blocks};
    m_ledger = m_followed.follow->ledger();
    m_subscription = m_ledger->onChanged(m_revision.poker());
    m_streamSubscription = m_followed.follow->onChanged(m_revision.poker());
    setState(State::Open);
    requery();
    m_followed.follow->start();
    pullStatus();
}

/// It ends within a second, but not on this thread.
void LedgerPageModel::endFollowing() {
    m_streamSubscription.reset();
    m_histogramPause.stop();
    m_stream = {};
    m_lastAlarm = absl::InfinitePast();
    if (m_followed.follow)
        GuiExecutor::runLong([follow = std::move(m_followed.follow)]() mutable {
            follow->stop();
            follow.reset();
        });
    m_followed = {};
}

void LedgerPageModel::retryStream() {
    if (m_followed.follow) m_followed.follow->retry(true);
}

void LedgerPageModel::close() {
    endFollowing();
    m_paths.clear();
    m_syncStop.request_stop();
    m_subscription.reset();
    for (CallHandle* handle :
         {&m_opening, &m_sync, &m_histogramCall, &m_hitsCall, &m_completion, &m_rowCall})
        *handle = CallHandle();
    if (m_operation && m_operations)
        m_operations->finish(m_operation, Operation::State::Cancelled, tr("Closed"));
    m_operation = 0;
    m_syncing = false;
    m_ledger.reset();
    m_status = {};
    m_failure.clear();
    m_failureDetails.clear();
    m_range.reset();
    m_text.clear();
    m_queryError.clear();
    m_query = {};
    m_span = Span::All;
    m_outcome = Outcome::Any;
    m_noHits = m_showHits = false;
    m_fruitless.clear();
    m_histogram = {};
    m_lastTime = {};
    m_blocks.setFetch({});
    m_transactions.showBlock({});
    m_findings.setFindings({});
    setState(State::Closed);
}

void LedgerPageModel::setState(State state) {
    if (m_state == state) return;
    m_state = state;
    Q_EMIT stateChanged();
}

void LedgerPageModel::opened(Result<std::unique_ptr<BrowseLedger>> ledger) {
    if (!ledger.ok()) {
        fail(ledger.status());
        return;
    }
    m_ledger = std::move(*ledger);
    m_subscription = m_ledger->onChanged(m_revision.poker());
    setState(State::Open);
    requery();
    pullStatus();
    startSync(false);
}

void LedgerPageModel::fail(const Status& status) {
    const std::string reason = reasonOf(status);
    const std::string_view message = messageOf(status);
    const bool unreadable = reason == "MALFORMED_PROTOBUF" || reason == "BAD_BLOCK_FILE";
    m_failure = unreadable
                    ? tr("It cannot be read as blocks of Fabric: it is something else, or it "
                         "is damaged.")
                    : LedgerText::error(status);
    m_failureDetails = {{QStringLiteral("reason"), LedgerText::plain(reason, 200)},
                        {QStringLiteral("message"), LedgerText::plain(message, 2000)}};
    for (const auto& [name, value] : argumentsOf(status))
        m_failureDetails.append({LedgerText::plain(name, 100), LedgerText::plain(value, 1000)});
    setState(State::Failed);
}

void LedgerPageModel::startSync(bool again) {
    if (m_syncing || !m_ledger) return;
    m_syncing = true;
    m_syncStop = std::stop_source();
    if (m_operations) {
        Operation operation;
        operation.title = tr("Verify %1").arg(sourceName());
        operation.target = m_paths.join(QStringLiteral(", "));
        operation.step = tr("Reading blocks");
        operation.link = QStringLiteral("chancery://ledger/%1/page/ledger").arg(m_key);
        operation.cancel = [this] { pause(); };
        m_operation = m_operations->start(std::move(operation));
    }
    m_sync = callLong(
        this,
        [ledger = m_ledger, stop = m_syncStop.get_token(), again](std::stop_token) -> Status {
            if (again) RETURN_IF_ERROR(ledger->startAgain());
            return ledger->sync(stop);
        },
        [this](Status result) { syncEnded(result); });
    Q_EMIT statusChanged();
}

void LedgerPageModel::syncEnded(const Status& result) {
    m_syncing = false;
    pullStatus();
    reportOperation(result);
    if (m_status.blocks == 0) failWithoutBlocks(result);
    m_blocks.refresh();
    m_transactions.refresh();
    loadHistogram();
    Q_EMIT statusChanged();
}

void LedgerPageModel::reportOperation(const Status& result) {
    if (!m_operations || !m_operation) return;
    const quint64 operation = std::exchange(m_operation, 0);
    const Verification verdict = verification();
    Operation::State state = Operation::State::Succeeded;
    if (m_status.phase == LedgerStatus::Phase::Paused)
        state = Operation::State::Cancelled;
    else if (!result.ok() || verdict.level == LedgerLevel::Bad)
        state = Operation::State::Failed;
    else if (verdict.level == LedgerLevel::Warning)
        state = Operation::State::Warned;
    QString step = verdict.text;
    if (state == Operation::State::Succeeded)
        step = tr("Verified %1 blocks in %2 s")
                   .arg(LedgerText::number(m_status.blocks),
                        QLocale().toString(absl::ToDoubleSeconds(m_status.elapsed), 'f', 1));
    m_operations->finish(operation, state, step, verdict.toolTip);
}

void LedgerPageModel::verifyAgain() {
    if (m_syncing || !m_ledger || m_followed.follow) return;
    startSync(true);
}

void LedgerPageModel::pause() {
    if (m_followed.follow) {
        m_sync = callLong(
            this,
            [follow = m_followed.follow](std::stop_token) {
                follow->stop();
                return true;
            },
            [this](bool) { pullStatus(); });
        return;
    }
    m_syncStop.request_stop();
}

void LedgerPageModel::resume() {
    if (m_followed.follow) {
        m_followed.follow->start();
        return;
    }
    startSync(false);
}

/// Where there is nothing to browse, the page says why. A snapshot alone has a channel and a state.
void LedgerPageModel::failWithoutBlocks(const Status& result) {
    if (m_status.phase == LedgerStatus::Phase::Paused) return;
    if (!result.ok())
        fail(result);
    else if (m_status.firstError)
        fail(makeError(StatusCode::kDataLoss, m_status.firstError->reason,
                       m_status.firstError->sentence, argumentsWithFile(*m_status.firstError)));
    else if (m_status.channel.empty())
        fail(makeError(StatusCode::kNotFound, "NO_BLOCKS", "there is no block in it"));
}

void LedgerPageModel::pauseOrResume() {
    const bool runs =
        isFollowed() ? stream().kind != LedgerStream::Kind::Paused : verification().fraction >= 0;
    runs ? pause() : resume();
}

void LedgerPageModel::pullStatus() {
    if (!m_ledger) return;
    const std::uint64_t before = m_status.revision;
    const std::uint64_t blocksBefore = m_status.blocks;
    m_status = m_ledger->status();
    m_findings.setFindings(m_status.findings);
    if (m_followed.follow) {
        pullStream();
        if (m_status.blocks != blocksBefore && !m_histogramPause.isActive())
            m_histogramPause.start();
    }
    if (m_status.revision != before || m_status.blocks != blocksBefore) {
        m_blocks.refresh();
        m_transactions.refresh();
    }
    if (m_operations && m_operation && m_status.bytesTotal > 0)
        m_operations->progress(
            m_operation,
            static_cast<double>(m_status.bytesDone) / static_cast<double>(m_status.bytesTotal),
            tr("%n block(s) read", "", static_cast<int>(m_status.blocks)));
    Q_EMIT statusChanged();
}

void LedgerPageModel::pullStream() {
    m_stream = m_followed.follow->state();
    for (const FollowAlarm& alarm : m_stream.alarms) {
        if (alarm.when <= m_lastAlarm) continue;
        m_lastAlarm = alarm.when;
        Q_EMIT alarmed(LedgerText::plain(alarm.source, 250), LedgerText::error(alarm.why));
    }
}

LedgerStream LedgerPageModel::stream() const {
    return m_followed.follow ? LedgerStream::of(m_stream) : LedgerStream();
}

QString LedgerPageModel::channel() const {
    if (m_followed.follow) return m_followed.channel;
    return LedgerText::plain(m_status.channel, 250);
}

QString LedgerPageModel::sourceName() const {
    if (m_followed.follow) return m_followed.network;
    if (m_paths.isEmpty()) return {};
    const QString name = QFileInfo(QDir::cleanPath(m_paths.front())).fileName();
    const QString shown = LedgerText::plain(name.toStdString(), 250);
    return m_paths.size() == 1
               ? shown
               : tr("%1 and %n more", "", static_cast<int>(m_paths.size()) - 1).arg(shown);
}

LedgerPageModel::Verification LedgerPageModel::verification() const {
    using Phase = LedgerStatus::Phase;
    Verification now;
    const QString first = LedgerText::number(m_status.firstBlock.value_or(0));
    const QString last = m_status.lastBlock ? LedgerText::number(*m_status.lastBlock) : QString();
    now.toolTip = Sentences::tell(m_status.trusted, 1000);
    const bool catchingUp = m_followed.follow && m_stream.phase == FollowState::Phase::CatchingUp;
    const bool running = catchingUp || m_syncing || m_status.phase == Phase::Reading;
    if (running)
        now.fraction = catchingUp                 ? m_stream.fraction()
                       : m_status.bytesTotal == 0 ? 0
                                                  : static_cast<double>(m_status.bytesDone) /
                                                        static_cast<double>(m_status.bytesTotal);
    if (m_status.firstError) {
        now.level = LedgerLevel::Bad;
        now.text =
            m_status.blocks == 0 && !running ? tr("Cannot be read")
            : m_status.firstError->block
                ? tr("Block %1 does not match").arg(LedgerText::number(*m_status.firstError->block))
                : tr("The chain does not match");
        now.toolTip = Sentences::tell(told(*m_status.firstError), 1000);
    } else if (running) {
        now.level = LedgerLevel::Running;
        now.text = tr("Verifying, %1 %").arg(static_cast<int>(std::min(now.fraction, 1.0) * 100));
    } else if (m_status.phase == Phase::Failed) {
        now.level = LedgerLevel::Bad;
        now.text =
            last.isEmpty() ? tr("Cannot be read") : tr("Cannot be read behind block %1").arg(last);
        now.toolTip = LedgerText::error(m_status.failure);
    } else if (m_status.phase == Phase::Paused) {
        now.level = LedgerLevel::Warning;
        now.text = m_status.verifiedTo ? tr("Paused, verified up to block %1")
                                             .arg(LedgerText::number(*m_status.verifiedTo))
                                       : tr("Paused");
    } else if (m_status.phase == Phase::Done) {
        const auto warnings = std::count_if(
            m_status.findings.begin(), m_status.findings.end(), [](const LedgerFinding& finding) {
                return finding.severity == LedgerFinding::Severity::Warning;
            });
        now.level = warnings > 0 || m_status.errors > 0 ? LedgerLevel::Warning : LedgerLevel::Good;
        now.text = warnings > 0
                       ? tr("Blocks %1 to %2 hold, %n warning(s)", "", static_cast<int>(warnings))
                             .arg(first, last)
                       : tr("Chain verified, blocks %1 to %2").arg(first, last);
        if (m_status.blocks == 0) {
            now.level = m_followed.follow ? LedgerLevel::Unknown : LedgerLevel::Warning;
            now.text = m_followed.follow ? tr("No blocks yet") : tr("No blocks");
        }
    } else {
        now.text = tr("Not verified");
    }
    return now;
}

void LedgerPageModel::setQuery(const QString& text) {
    if (text == m_text && m_queryError.isEmpty()) return;
    m_text = text;
    m_queryError.clear();
    // While something cannot be read, the list stays as it was.
    if (auto query = LedgerQueryText::parse(text, &m_queryError)) {
        m_query = std::move(*query);
        requery();
    }
    Q_EMIT queryChanged();
}

void LedgerPageModel::setSpan(Span span) {
    if (m_span == span) return;
    m_span = span;
    m_range.reset();
    requery();
    Q_EMIT queryChanged();
}

void LedgerPageModel::setOutcome(Outcome outcome) {
    if (m_outcome == outcome) return;
    m_outcome = outcome;
    requery();
    Q_EMIT queryChanged();
}

void LedgerPageModel::setBlockRange(std::optional<std::pair<BlockNumber, BlockNumber>> range) {
    if (m_range == range) return;
    m_range = range;
    requery();
}

void LedgerPageModel::showHits(bool hits) {
    m_showHits = hits;
    // Whoever shows a block fills the list again.
    if (!hits && m_transactions.showsHits()) m_transactions.showBlock({});
    if (!hits || !m_ledger) return;
    m_transactions.showHits([ledger = m_ledger, query = wholeQuery()](
                                std::uint64_t first, std::size_t count, std::stop_token stop) {
        return ledger->transactions(query, first, count, stop);
    });
}

bool LedgerPageModel::filtered() const {
    return !m_query.empty() || m_span != Span::All || m_outcome != Outcome::Any || m_range;
}

LedgerQuery LedgerPageModel::wholeQuery(bool withRange) const {
    LedgerQuery query = m_query;
    if (m_span != Span::All && m_lastTime.isValid()) {
        const qint64 from = m_lastTime.toMSecsSinceEpoch() - qint64(secondsOf(m_span)) * 1000;
        query.terms.push_back(
            term(LedgerField::Time, LedgerComparison::GreaterOrEqual,
                 QDateTime::fromMSecsSinceEpoch(from, Qt::UTC).toString(Qt::ISODate).toStdString(),
                 from * 1'000'000));
    }
    if (m_outcome != Outcome::Any)
        query.terms.push_back(term(LedgerField::Result, LedgerComparison::Is,
                                   m_outcome == Outcome::Valid ? "valid" : "invalid", 0));
    if (withRange && m_range) {
        query.terms.push_back(blockTerm(LedgerComparison::GreaterOrEqual, m_range->first));
        query.terms.push_back(blockTerm(LedgerComparison::LessOrEqual, m_range->second));
    }
    return query;
}

void LedgerPageModel::requery() {
    if (!m_ledger) return;
    m_blocks.setFetch([ledger = m_ledger, query = wholeQuery()](
                          std::uint64_t first, std::size_t count, std::stop_token stop) {
        return ledger->blocks(query, first, count, stop);
    });
    if (m_showHits) showHits(true);
    loadHistogram();
}

void LedgerPageModel::loadHistogram() {
    if (!m_ledger) return;
    m_histogramCall = call(
        this,
        [ledger = m_ledger, query = wholeQuery(false)](std::stop_token) {
            return ledger->histogram(query, kHistogramBuckets);
        },
        [this](Result<std::vector<HistogramBucket>> buckets) {
            m_histogram = {};
            if (buckets.ok() && !buckets->empty()) {
                m_histogram.buckets = std::move(*buckets);
                const auto& all = m_histogram.buckets;
                m_histogram.begin = LedgerText::moment(all.front().begin);
                const absl::Duration slice = all.size() > 1
                                                 ? (all.back().begin - all.front().begin) /
                                                       static_cast<double>(all.size() - 1)
                                                 : absl::Seconds(1);
                m_histogram.end = LedgerText::moment(all.back().begin + slice);
                if (m_span == Span::All && m_query.empty()) m_lastTime = m_histogram.end;
            }
            Q_EMIT histogramChanged();
        });
}

std::optional<std::pair<BlockNumber, BlockNumber>> LedgerPageModel::blocksBetween(
    const QDateTime& begin, const QDateTime& end) const {
    std::optional<std::pair<BlockNumber, BlockNumber>> range;
    const auto& buckets = m_histogram.buckets;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        const QDateTime from = LedgerText::moment(buckets[i].begin);
        const QDateTime to =
            i + 1 < buckets.size() ? LedgerText::moment(buckets[i + 1].begin) : m_histogram.end;
        if (buckets[i].blocks == 0 || to <= begin || from >= end) continue;
        if (!range) range = {buckets[i].firstBlock, buckets[i].lastBlock};
        range->first = std::min(range->first, buckets[i].firstBlock);
        range->second = std::max(range->second, buckets[i].lastBlock);
    }
    return range;
}

void LedgerPageModel::checkHits() {
    const bool none = m_ledger && filtered() && m_blocks.total() == 0;
    if (!none) {
        m_hitsCall = CallHandle();
        if (std::exchange(m_noHits, false)) Q_EMIT hitsChanged();
        return;
    }
    m_noHits = true;
    m_fruitless.clear();
    Q_EMIT hitsChanged();
    const LedgerQuery query = wholeQuery();
    m_hitsCall = call(
        this, [ledger = m_ledger, query](std::stop_token) { return ledger->fruitlessTerms(query); },
        [this, query](Result<std::vector<std::size_t>> terms) {
            if (!terms.ok()) return;
            for (const std::size_t at : *terms)
                if (at < query.terms.size())
                    m_fruitless << LedgerQueryText::labelOf(query.terms[at]);
            Q_EMIT hitsChanged();
        });
}

void LedgerPageModel::complete(const QString& text, qsizetype cursor) {
    if (!m_ledger) return;
    m_completion = call(
        this,
        [ledger = m_ledger, bytes = text.toStdString(),
         at = static_cast<std::size_t>(text.left(cursor).toUtf8().size())](std::stop_token) {
            return ledger->complete(bytes, at, kCompletions);
        },
        [this, text](Result<std::vector<LedgerCompletion>> values) {
            if (values.ok()) Q_EMIT completed(text, LedgerQueryText::fromBytes(text, *values));
        });
}

void LedgerPageModel::findRow(BlockNumber block) {
    if (!m_ledger) return;
    m_rowCall = call(
        this,
        [ledger = m_ledger, query = wholeQuery(), block](std::stop_token) {
            return ledger->rowOf(query, block);
        },
        [this, block](Result<std::optional<std::uint64_t>> row) {
            Q_EMIT rowFound(block, row.ok() && *row ? static_cast<int>(**row) : -1);
        });
}

}  // namespace chancery::ui

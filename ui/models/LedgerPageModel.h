#pragma once

#include <QDateTime>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "src/usecase/BrowseLedger.h"
#include "src/usecase/FollowChannel.h"
#include "ui/bridge/Coalescer.h"
#include "ui/bridge/GuiExecutor.h"
#include "ui/models/BlockModel.h"
#include "ui/models/FindingsModel.h"
#include "ui/models/LedgerQueryText.h"
#include "ui/models/LedgerRoles.h"
#include "ui/models/LedgerStream.h"
#include "ui/models/TxModel.h"

namespace chancery::ui {

class OperationModel;

/// One opened ledger as its page sees it: opening, reading and verifying as an operation, status,
/// query, histogram, the lists. All questions go to the pool; nothing here waits. GUI thread only.
class LedgerPageModel : public QObject {
    Q_OBJECT
public:
    enum class State { Closed, Opening, Open, Failed };
    enum class Span { All, LastHour, LastDay, LastWeek };
    enum class Outcome { Any, Valid, Invalid };

    /// `indexes`: folder in which indexes of ledgers are kept. `operations` may be null.
    LedgerPageModel(OperationModel* operations, std::filesystem::path indexes,
                    QObject* parent = nullptr);
    ~LedgerPageModel() override;

    /// The key by which links name an opened ledger: made of its paths, the same every time.
    static QString keyOf(const QStringList& paths, const QString& snapshot = {});
    /// Closes what was open, opens and starts to read and verify.
    void open(const QStringList& paths, const QString& snapshot = {});
    /// A channel of a network, in place of files.
    struct Followed {
        QString network, channel;
        QString key;              ///< by which links name it
        QString identity, mspId;  ///< as whom
        QString blocks;           ///< folder that its blocks are kept in
        /// Started by the model. May hold what it needs besides.
        std::shared_ptr<usecase::FollowChannel> follow;
    };
    void follow(Followed target);
    bool isFollowed() const { return m_followed.follow != nullptr; }
    const Followed& followed() const { return m_followed; }
    using Stream = LedgerStream;
    /// How the stream of a followed channel stands.
    Stream stream() const;
    /// Asks lost nodes at once.
    void retryStream();

    void close();
    void verifyAgain();
    /// Reading goes on where it ended.
    void pause();
    void resume();
    /// The one of both that changes something now.
    void pauseOrResume();

    State state() const { return m_state; }
    QString key() const { return m_key; }
    QStringList paths() const { return m_paths; }
    QString snapshot() const { return m_snapshot; }
    const std::filesystem::path& indexes() const { return m_indexes; }
    QString channel() const;
    QString sourceName() const;  ///< of the file or folder
    const usecase::LedgerStatus& status() const { return m_status; }
    /// Why nothing can be shown; only when Failed.
    QString failure() const { return m_failure; }
    QList<QPair<QString, QString>> failureDetails() const { return m_failureDetails; }

    struct Verification {
        LedgerLevel level = LedgerLevel::Unknown;
        QString text;
        QString toolTip;
        double fraction = -1;  ///< while it runs
    };
    Verification verification() const;

    BlockModel* blocks() { return &m_blocks; }
    TxModel* transactions() { return &m_transactions; }
    FindingsModel* findings() { return &m_findings; }
    std::shared_ptr<usecase::BrowseLedger> ledger() const { return m_ledger; }

    // What is shown.
    void setQuery(const QString& text);
    QString query() const { return m_text; }
    QString queryError() const { return m_queryError; }
    void setSpan(Span span);
    Span span() const { return m_span; }
    Outcome outcome() const { return m_outcome; }
    void setOutcome(Outcome outcome);
    /// Of the brush; absent: all.
    void setBlockRange(std::optional<std::pair<BlockNumber, BlockNumber>> range);
    /// Everything that is asked for now.
    usecase::LedgerQuery wholeQuery(bool withRange = true) const;
    bool filtered() const;
    /// When nothing is found: what alone excludes everything, as the field shows it.
    QStringList fruitless() const { return m_fruitless; }
    bool noHits() const { return m_noHits; }
    void showHits(bool hits);

    struct Histogram {
        QDateTime begin, end;
        std::vector<usecase::HistogramBucket> buckets;
    };
    const Histogram& histogram() const { return m_histogram; }
    /// The blocks of a range of time in the histogram.
    std::optional<std::pair<BlockNumber, BlockNumber>> blocksBetween(const QDateTime& begin,
                                                                     const QDateTime& end) const;

    /// Asks for values that fit; completed() brings them.
    void complete(const QString& text, qsizetype cursor);
    /// Row of a block in the list; rowFound() answers, -1 when the query excludes it.
    void findRow(BlockNumber block);

Q_SIGNALS:
    void stateChanged();
    /// Status, badge, counts: at most 20 times per second.
    void statusChanged();
    void queryChanged();
    void histogramChanged();
    void hitsChanged();
    void completed(const QString& text,
                   const std::vector<chancery::ui::LedgerQueryText::Completion>& values);
    void rowFound(quint64 block, int row);
    /// A node gave a block that does not verify, and is not asked any more.
    void alarmed(const QString& source, const QString& sentence);
    /// A question to the index failed.
    void problem(const QString& sentence);

private:
    void setState(State state);
    void opened(Result<std::unique_ptr<usecase::BrowseLedger>> ledger);
    void startSync(bool again);
    void pullStream();
    void endFollowing();
    void syncEnded(const Status& result);
    void pullStatus();
    void requery();
    void loadHistogram();
    void checkHits();
    void fail(const Status& status);
    void failWithoutBlocks(const Status& result);
    void reportOperation(const Status& result);

    OperationModel* m_operations;
    std::filesystem::path m_indexes;
    BlockModel m_blocks;
    TxModel m_transactions;
    FindingsModel m_findings;
    Coalescer m_revision;

    State m_state = State::Closed;
    QString m_key, m_snapshot;
    QStringList m_paths;
    std::shared_ptr<usecase::BrowseLedger> m_ledger;
    Subscription m_subscription;
    usecase::LedgerStatus m_status;
    QString m_failure;
    QList<QPair<QString, QString>> m_failureDetails;
    bool m_syncing = false;
    quint64 m_operation = 0;
    std::stop_source m_syncStop{std::nostopstate};

    QString m_text, m_queryError;
    usecase::LedgerQuery m_query;
    Span m_span = Span::All;
    Outcome m_outcome = Outcome::Any;
    std::optional<std::pair<BlockNumber, BlockNumber>> m_range;
    QStringList m_fruitless;
    bool m_noHits = false;
    bool m_showHits = false;
    Histogram m_histogram;
    QDateTime m_lastTime;  ///< of the newest block; spans count from it

    Followed m_followed;
    Subscription m_streamSubscription;
    usecase::FollowState m_stream;
    absl::Time m_lastAlarm = absl::InfinitePast();
    QTimer m_histogramPause;  ///< while blocks come in

    CallHandle m_opening, m_sync, m_histogramCall, m_hitsCall, m_completion, m_rowCall;
};

}  // namespace chancery::ui

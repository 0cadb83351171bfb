#include "ui/pages/LedgerPage.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/models/CommandRegistry.h"
#include "ui/models/KeyViewModel.h"
#include "ui/models/LedgerExports.h"
#include "ui/models/LedgerInspectorModel.h"
#include "ui/models/LedgerText.h"
#include "ui/pages/LedgerCells.h"
#include "ui/pages/LedgerParts.h"
#include "ui/pages/NewBlocks.h"
#include "ui/pages/StreamStatus.h"
#include "ui/pages/TransactionInspector.h"
#include "ui/widgets/Badge.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/Delegates.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/ErrorState.h"
#include "ui/widgets/LoadingRows.h"
#include "ui/widgets/Notice.h"
#include "ui/widgets/PageHeader.h"
#include "ui/widgets/QueryEdit.h"
#include "ui/widgets/SectionHeader.h"
#include "ui/widgets/SegmentedControl.h"
#include "ui/widgets/Splitters.h"
#include "ui/widgets/TimeHistogram.h"
#include "ui/widgets/Toolbar.h"

namespace chancery::ui {
namespace {

enum StatePage { NoLedger, Loading, Content, Failure };
enum BlockPage { BlockList, NoHits };

constexpr int kLeftWidth = 500;

}  // namespace

LedgerPage::LedgerPage(LedgerPageModel* model, CommandRegistry* commands,
                       OperationModel* operations, QWidget* parent)
    : Page(parent), m_model(model), m_commands(commands) {
    setObjectName(QStringLiteral("ledgerPage"));
    m_inspectorModel = new LedgerInspectorModel(model, this);
    m_keyModel = new KeyViewModel(model, this);
    m_exports = new LedgerExports(model, operations, this);
    const auto seriesOf = [this](const QString& msp) { return m_inspectorModel->seriesOf(msp); };
    m_blockCells = new LedgerCells(model->blocks(), seriesOf, this);
    m_transactionCells = new LedgerCells(model->transactions(), seriesOf, this);

    m_header = new PageHeader(tr("Ledger"));
    m_badge = new Badge;
    m_badge->setObjectName(QStringLiteral("verification"));
    m_badge->setLarge(true);
    m_badge->setCursor(Qt::PointingHandCursor);
    m_badge->installEventFilter(this);
    m_stream = new StreamStatus(this);
    m_pause = makeButton(tr("Pause"), ButtonTone::Secondary, QStringLiteral("pause"));
    m_pause->setObjectName(QStringLiteral("pause"));
    m_verify = makeButton(tr("Verify again"), ButtonTone::Secondary, QStringLiteral("shield"));
    m_verify->setObjectName(QStringLiteral("verifyAgain"));
    m_export = makeButton(tr("Export range…"), ButtonTone::Secondary, QStringLiteral("download"));
    m_export->setObjectName(QStringLiteral("exportRange"));
    m_export->setToolTip(tr("Export range…  Ctrl+E"));
    for (QWidget* action :
         std::initializer_list<QWidget*>{m_stream->badge(), m_badge, m_pause, m_verify, m_export})
        m_header->addAction(action);
    connect(m_pause, &QPushButton::clicked, m_model, &LedgerPageModel::pauseOrResume);
    connect(m_verify, &QPushButton::clicked, m_model, &LedgerPageModel::verifyAgain);
    connect(m_export, &QPushButton::clicked, this, [this] { openExport(false); });

    m_histogram = new TimeHistogram;
    m_histogram->setObjectName(QStringLiteral("histogram"));
    m_histogram->setAccessibleName(tr("Transactions over time"));

    // Parts are made inside their places: to move a filled part would style all of it again.
    m_states = new QStackedWidget(this);
    makeStates();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_states, 1);

    connectModel();
    connectQuery();
    makeShortcuts();
    if (m_commands) addCommands(m_commands);
    showState();
    restore();
}

void LedgerPage::restore() {
    if (m_model->state() != LedgerPageModel::State::Open) return;
    // Built anew over a ledger that is open already, in another language for example.
    m_query->setText(m_model->query());
    const QSignalBlocker span(m_span), outcome(m_outcome);
    m_span->setCurrentIndex(static_cast<int>(m_model->span()));
    m_outcome->setCurrentIndex(static_cast<int>(m_model->outcome()));
    m_model->setBlockRange({});
    m_model->showHits(false);
    showHistogram();
    showHits();
    selectPending();
}

LedgerPage::~LedgerPage() {
    if (!m_commands) return;
    for (const char* id : {"ledger.verifyAgain", "ledger.export", "ledger.exportTransaction",
                           "ledger.findings", "ledger.compare", "ledger.key"})
        m_commands->remove(QString::fromLatin1(id));
}

QWidget* LedgerPage::makeToolbar(QWidget* parent) {
    auto* toolbar = new Toolbar(parent);
    m_query = new QueryEdit(toolbar);
    m_query->setObjectName(QStringLiteral("query"));
    m_query->setAccessibleName(tr("Search the ledger"));
    m_query->setPlaceholder(tr("add a block number, transaction ID, key or contract"));
    m_query->setKeyCap(QStringLiteral("/"));
    toolbar->addWidget(m_query, 1);
    m_span = new QComboBox;
    m_span->setAccessibleName(tr("Time range"));
    m_span->addItem(tr("Whole ledger"));
    m_span->addItem(tr("Last hour"));
    m_span->addItem(tr("Last 24 hours"));
    m_span->addItem(tr("Last 7 days"));
    m_span->setToolTip(tr("Counted back from the newest block"));
    toolbar->addWidget(m_span);
    m_outcome = new QComboBox;
    m_outcome->setAccessibleName(tr("Result"));
    m_outcome->addItems({tr("Any result"), tr("Valid"), tr("Invalid")});
    toolbar->addWidget(m_outcome);
    return toolbar;
}

QWidget* LedgerPage::makeBlockPane(QWidget* parent) {
    m_blockStack = new QStackedWidget(parent);
    m_blocks = new DataTable(QStringLiteral("ledger.blocks"), m_blockStack);
    m_blocks->setObjectName(QStringLiteral("blockTable"));
    m_blocks->setAccessibleName(tr("Blocks"));
    m_blocks->setModel(m_blockCells);
    m_blocks->setSortingEnabled(false);
    m_blocks->setColumnDelegate<CellDelegate>(BlockModel::Number);
    m_blocks->setColumnDelegate<CellDelegate>(BlockModel::Time);
    m_blocks->setColumnDelegate<BarDelegate>(BlockModel::Transactions);
    m_blocks->setColumnDelegate<CellDelegate>(BlockModel::Size);
    m_blocks->setColumnDelegate<CellDelegate>(BlockModel::Hash);
    m_blocks->setColumnDelegate<GlyphTextDelegate>(BlockModel::Chain);
    const int widths[] = {80, 98, 108, 62, 94, 58};
    for (int column = 0; column < BlockModel::ColumnCount; ++column)
        m_blocks->horizontalHeader()->resizeSection(column, widths[column]);
    m_blocks->setStretchColumn(BlockModel::Transactions);
    m_noHits = new EmptyState(QStringLiteral("search"), tr("Nothing matches"), {}, m_blockStack);
    m_noHits->setObjectName(QStringLiteral("noHits"));
    connect(m_noHits->addPrimary(tr("Clear the search")), &QPushButton::clicked, this, [this] {
        m_query->clear();
        m_span->setCurrentIndex(0);
        m_outcome->setCurrentIndex(0);
        m_histogram->clearRange();
        m_model->setBlockRange({});
    });
    m_blockStack->addWidget(m_blocks);
    m_blockStack->addWidget(m_noHits);
    connect(m_blocks->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &LedgerPage::blockSelected);
    connect(m_blocks, &DataTable::opened, this, [this] { m_transactions->setFocus(); });
    m_news = new NewBlocks(m_blocks);
    return m_blockStack;
}

QWidget* LedgerPage::makeTransactionPane(QWidget* parent) {
    auto* pane = new QWidget(parent);
    auto* column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_blockTitle = new SectionHeader(tr("Transactions"), pane);
    m_blockTitle->setPane(true);
    m_scope = new SegmentedControl({tr("Block"), tr("All hits")});
    m_scope->setObjectName(QStringLiteral("transactionScope"));
    m_scope->setAccessibleName(tr("Which transactions are listed"));
    m_scope->setVisible(false);
    m_blockTitle->addAction(m_scope);
    column->addWidget(m_blockTitle);
    m_transactions = new DataTable(QStringLiteral("ledger.transactions"), pane);
    m_transactions->setObjectName(QStringLiteral("transactionTable"));
    m_transactions->setAccessibleName(tr("Transactions"));
    m_transactions->setModel(m_transactionCells);
    m_transactions->setSortingEnabled(false);
    m_transactions->setColumnDelegate<CellDelegate>(TxModel::Index);
    m_transactions->setColumnDelegate<CellDelegate>(TxModel::Id);
    m_transactions->setColumnDelegate<CellDelegate>(TxModel::Call);
    m_transactions->setColumnDelegate<ChipDelegate>(TxModel::Creator);
    m_transactions->setColumnDelegate<GlyphTextDelegate>(TxModel::Result);
    const int widths[] = {46, 110, 150, 57, 124};
    for (int column = 0; column < TxModel::ColumnCount; ++column)
        m_transactions->horizontalHeader()->resizeSection(column, widths[column]);
    m_transactions->setStretchColumn(TxModel::Call);
    m_transactions->setLowPriorityColumns({TxModel::Id});
    column->addWidget(m_transactions, 1);
    connect(m_transactions->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &LedgerPage::transactionSelected);
    connect(m_transactions, &DataTable::opened, this, [this] { m_inspector->focusMain(); });
    connect(m_scope, &SegmentedControl::currentChanged, this, [this](int scope) {
        m_model->showHits(scope == AllHits);
        m_transactions->horizontalHeader()->resizeSection(TxModel::Index,
                                                          scope == AllHits ? 84 : 46);
        m_transactions->setLowPriorityColumns({TxModel::Id});  // the inspector has it
        if (scope == ThisBlock && m_inspectorModel->block())
            m_inspectorModel->showBlock(m_inspectorModel->block()->number);
    });
    return pane;
}

QWidget* LedgerPage::makeContent() {
    auto* content = new QWidget(m_states);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    connect(m_stream->banner(), &StaleBanner::retryRequested, m_model,
            &LedgerPageModel::retryStream);
    column->addWidget(m_stream->banner());
    column->addWidget(makeToolbar(content));
    column->addWidget(m_histogram);
    column->addWidget(makeLine());
    m_columns = new QSplitter(Qt::Horizontal, content);
    m_columns->setObjectName(QStringLiteral("ledgerColumns"));
    m_columns->setHandleWidth(1);
    m_columns->setChildrenCollapsible(false);
    auto* left = new QSplitter(Qt::Vertical, m_columns);
    left->setObjectName(QStringLiteral("ledgerLists"));
    left->setHandleWidth(1);
    left->setChildrenCollapsible(false);
    left->addWidget(makeBlockPane(left));
    left->addWidget(makeTransactionPane(left));
    left->setStretchFactor(0, 3);
    left->setStretchFactor(1, 2);
    left->setSizes({390, 290});
    m_inspector = new TransactionInspector(m_inspectorModel, m_columns);
    m_columns->addWidget(left);
    m_columns->addWidget(m_inspector);
    left->setMinimumWidth(400);
    m_inspector->setMinimumWidth(360);
    m_columns->setStretchFactor(1, 1);
    m_columns->setSizes({kLeftWidth, 760});
    keepSizes(left);
    keepSizes(m_columns);
    column->addWidget(m_columns, 1);
    return content;
}

void LedgerPage::makeStates() {
    auto* none = new EmptyState(
        QStringLiteral("ledger"), tr("No ledger is open"),
        tr("Open a block file, a peer's ledger folder or a snapshot of any Fabric network: it is "
           "read, verified and indexed on this machine."));
    connect(none->addPrimary(tr("Choose a ledger file…")), &QPushButton::clicked, this,
            &LedgerPage::openRequested);
    m_states->addWidget(none);
    m_loading = new LoadingRows;
    m_loading->setColumns({16, 112, 226, 330}, {68, 76, 72, 40});
    m_loading->setRows(14);
    connect(m_loading, &LoadingRows::cancelRequested, m_model, &LedgerPageModel::close);
    m_states->addWidget(m_loading);
    m_states->addWidget(makeContent());
    m_failure = new ErrorState;
    m_failure->setObjectName(QStringLiteral("failure"));
    auto* place = new QWidget;
    auto* column = new QVBoxLayout(place);
    column->setContentsMargins(16, 32, 16, 16);
    column->addWidget(m_failure, 0, Qt::AlignTop);
    connect(m_failure->addPrimary(tr("Try again")), &QPushButton::clicked, this,
            [this] { m_model->open(QStringList(m_model->paths()), QString(m_model->snapshot())); });
    connect(m_failure->addSecondary(tr("Choose another file…")), &QPushButton::clicked, this,
            &LedgerPage::openRequested);
    m_states->addWidget(place);
}

void LedgerPage::connectModel() {
    connect(m_model, &LedgerPageModel::stateChanged, this, &LedgerPage::showState);
    connect(m_model, &LedgerPageModel::statusChanged, this, &LedgerPage::showStatus);
    connect(m_model, &LedgerPageModel::histogramChanged, this, &LedgerPage::showHistogram);
    connect(m_model, &LedgerPageModel::hitsChanged, this, &LedgerPage::showHits);
    connect(m_model, &LedgerPageModel::rowFound, this, [this](quint64 block, int row) {
        if (m_pendingBlock != block) return;
        if (row < 0 && !m_makesRoom) {
            m_pendingBlock.reset();
            return;
        }
        if (row < 0) {
            // The search hides what was asked for: it makes room.
            m_query->clear();
            m_span->setCurrentIndex(0);
            m_outcome->setCurrentIndex(0);
            m_histogram->clearRange();
            m_model->setBlockRange({});
            m_inspectorModel->showBlock(block);
            return;
        }
        selectBlockRow(row);
    });
    connect(m_model->blocks(), &QAbstractItemModel::modelReset, this, &LedgerPage::selectPending);
    connect(m_model->blocks(), &QAbstractItemModel::rowsInserted, this, &LedgerPage::selectPending);
    connect(m_model->blocks(), &QAbstractItemModel::dataChanged, this, &LedgerPage::blockSelected);
    connect(m_inspectorModel, &LedgerInspectorModel::blockChanged, this, &LedgerPage::blockLoaded);
    connect(m_inspectorModel, &LedgerInspectorModel::transactionChanged, this,
            &LedgerPage::transactionLoaded);
    connect(m_inspectorModel, &LedgerInspectorModel::overviewChanged, m_transactionCells,
            &LedgerCells::restyle);
    connect(m_inspector, &TransactionInspector::previousRequested, this, [this] { step(-1); });
    connect(m_inspector, &TransactionInspector::nextRequested, this, [this] { step(1); });
    connect(m_inspector, &TransactionInspector::exportRequested, this,
            [this] { openExport(true); });
    connect(m_inspector, &TransactionInspector::transactionRequested, this,
            qOverload<quint64, quint64>(&LedgerPage::showTransaction));
    connect(m_inspector, &TransactionInspector::blockRequested, this, &LedgerPage::showBlock);
    connect(m_inspector, &TransactionInspector::keyRequested, this,
            [this](const QString& contract, const QString& collection, const QByteArray& key) {
                showKey(contract, collection, key);
            });
}

void LedgerPage::connectQuery() {
    m_query->setTokenizer([](const QString& text) {
        std::vector<QueryChip> chips;
        for (const LedgerQueryText::Part& part : LedgerQueryText::partsOf(text))
            chips.push_back({part.begin, part.end, part.label, part.error});
        return chips;
    });
    m_query->setCompleter([this](const QString& text, qsizetype cursor) {
        std::vector<QueryCompletion> out;
        const auto add = [&](const std::vector<LedgerQueryText::Completion>& completions) {
            for (const LedgerQueryText::Completion& one : completions)
                out.push_back({one.text, one.hint, one.begin, one.end});
        };
        add(LedgerQueryText::words(text, cursor));
        if (m_valuesFor == text)
            add(m_values);
        else
            m_model->complete(text, cursor);
        return out;
    });
    connect(m_model, &LedgerPageModel::completed, this,
            [this](const QString& text, const std::vector<LedgerQueryText::Completion>& values) {
                m_valuesFor = text;
                m_values = values;
                // The field asks again as if the same had been typed once more.
                if (!values.empty() && m_query->lineEdit()->hasFocus())
                    Q_EMIT m_query->lineEdit()->textEdited(m_query->lineEdit()->text());
            });
    connect(m_query, &QueryEdit::queryChanged, this, [this](const QString& text) {
        m_typed = text;
        m_makesRoom = false;
        m_model->setQuery(text);
    });
    connect(m_model, &LedgerPageModel::queryChanged, this, [this] {
        // A query from elsewhere (the palette, a link) shows in the field; what is being typed
        // stays as it is.
        if (std::exchange(m_typed, m_model->query()) != m_model->query())
            m_query->setText(m_model->query());
        m_query->setError(m_model->queryError());
        const bool hits = m_model->filtered();
        m_scope->setVisible(hits);
        if (!hits && m_scope->current() == AllHits) m_scope->setCurrent(ThisBlock);
    });
    connect(m_span, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_histogram->clearRange();
        m_model->setSpan(static_cast<LedgerPageModel::Span>(index));
    });
    connect(m_outcome, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_model->setOutcome(static_cast<LedgerPageModel::Outcome>(index));
    });
    connect(m_histogram, &TimeHistogram::rangeChanged, this,
            [this](const QDateTime& begin, const QDateTime& end) {
                m_model->setBlockRange(begin.isValid() ? m_model->blocksBetween(begin, end)
                                                       : std::nullopt);
            });
}

void LedgerPage::showState() {
    using State = LedgerPageModel::State;
    const State state = m_model->state();
    if (state == State::Closed || state == State::Opening) {
        m_touched = m_errorShown = m_makesRoom = false;
        m_pendingBlock.reset();
        m_pendingTransaction.reset();
        m_query->clear();
        const QSignalBlocker span(m_span), outcome(m_outcome);
        m_span->setCurrentIndex(0);
        m_outcome->setCurrentIndex(0);
        m_histogram->clearRange();
    }
    if (state == State::Opening) {
        m_loading->setTitle(tr("Opening %1").arg(m_model->sourceName()));
        m_loading->setCancellable(true);
    }
    if (state == State::Failed) {
        m_failure->setTitle(tr("%1 cannot be opened").arg(m_model->sourceName()));
        m_failure->setWhy(m_model->failure());
        m_failure->setRemedies(
            {tr("Choose a block file, a peer's ledger folder (chains) or a snapshot folder."),
             tr("If it was copied while a peer was running, copy it again.")});
        m_failure->setDetails(m_model->failureDetails());
    }
    m_states->setCurrentIndex(state == State::Open      ? Content
                              : state == State::Opening ? Loading
                              : state == State::Failed  ? Failure
                                                        : NoLedger);
    const bool open = state == State::Open;
    m_badge->setVisible(open);
    m_verify->setVisible(open);
    m_export->setVisible(open);
    if (!open) m_pause->hide();
    if (!open) m_seenLive = false;
    m_news->setTold(m_model->isFollowed());
    m_stream->show(m_model->stream());
    showStatus();
    if (m_commands) m_commands->refresh();
}

void LedgerPage::showStatus() {
    const LedgerPageModel::Verification now = m_model->verification();
    if (m_model->state() != LedgerPageModel::State::Open) {
        m_header->setSummary({});
        return;
    }
    m_header->setSummary(m_model->channel().isEmpty()
                             ? m_model->sourceName()
                             : tr("%1 on %2").arg(m_model->channel(), m_model->sourceName()));
    showBadge(now);
    m_stream->show(m_model->stream());
    if (now.fraction < 0 && !m_touched) selectPending();
    if (m_model->status().firstError && !m_errorShown) {
        m_errorShown = true;
        // The list jumps to the block that does not match.
        if (m_model->status().firstError->block) showBlock(*m_model->status().firstError->block);
    }
    if (!m_model->status().firstError) m_errorShown = false;
}

void LedgerPage::showBadge(const LedgerPageModel::Verification& now) {
    m_badge->setStatus(statusOf(now.level), now.text);
    m_badge->setToolTip(now.toolTip);
    const bool running = now.fraction >= 0;
    const bool paused = m_model->status().phase == usecase::LedgerStatus::Phase::Paused;
    const bool followed = m_model->isFollowed();
    const bool goesOn = followed ? m_model->stream().kind != LedgerStream::Kind::Paused : running;
    m_pause->setVisible(followed || running || paused);
    m_pause->setText(goesOn ? tr("Pause") : tr("Resume"));
    m_verify->setVisible(!followed && !running && !paused);
}

void LedgerPage::showHistogram() {
    const auto& from = m_model->histogram();
    HistogramModel shown;
    shown.begin = from.begin;
    shown.end = from.end;
    for (const auto& bucket : from.buckets)
        shown.bars.push_back(
            {static_cast<double>(bucket.transactions), static_cast<double>(bucket.invalid)});
    m_histogram->setModel(std::move(shown));
}

void LedgerPage::showHits() {
    m_blockStack->setCurrentIndex(m_model->noHits() ? NoHits : BlockList);
    if (!m_model->noHits()) return;
    const QStringList fruitless = m_model->fruitless();
    m_noHits->setTexts(
        tr("Nothing matches"),
        fruitless.isEmpty()
            ? tr("Each part of the search alone is found, but not all of them "
                 "together.")
            : tr("“%1” alone excludes everything.").arg(fruitless.join(tr("” and “"))));
}

void LedgerPage::selectPending() {
    if (m_pendingBlock) {
        m_model->findRow(*m_pendingBlock);
        return;
    }
    if (m_blockCells->rowCount() == 0) return;
    // Until somebody chooses, the newest block is shown: at once, and again when all were read.
    const bool reading = m_model->verification().fraction >= 0;
    // A block that is looked at does not go away because another one comes.
    const bool stays = m_touched || reading || m_seenLive;
    if (m_blocks->currentIndex().isValid() && stays) return;
    m_seenLive = m_model->isFollowed() && !reading;
    // The list came anew under a block that was asked for: it stays.
    const auto shown = m_inspectorModel->block();
    if (shown && m_makesRoom && !m_blocks->currentIndex().isValid())
        return m_model->findRow(*(m_pendingBlock = shown->number));
    m_selecting = true;
    m_blocks->setCurrentIndex(m_blockCells->index(0, 0));
    m_selecting = false;
}

/// The row is where the index has the block; while blocks are being read the list may know fewer,
/// so that another block stands there. Then the block is looked for again when rows come.
void LedgerPage::selectBlockRow(int row) {
    const QModelIndex index = m_blockCells->index(row, 0);
    m_selecting = true;
    m_blocks->setCurrentIndex(index);
    m_selecting = false;
    m_blocks->scrollTo(index, QAbstractItemView::PositionAtCenter);
    blockSelected();
}

void LedgerPage::blockSelected() {
    const bool chosen = m_blocks->currentIndex().isValid() && !m_selecting &&
                        sender() == m_blocks->selectionModel();
    if (chosen) {
        m_touched = true;
        m_makesRoom = false;
    }
    const QVariant number = m_blocks->currentIndex().data(BlockRole);
    if (!number.isValid()) return;  // comes again when the row is here
    const quint64 block = number.toULongLong();
    if (m_pendingBlock && m_pendingBlock != block) {
        if (!chosen) return;  // news of the row before; another one is being looked for
        m_pendingTransaction.reset();
    }
    m_pendingBlock.reset();
    const auto shown = m_inspectorModel->block();
    if (shown && shown->number == block) {
        if (m_pendingTransaction) blockLoaded();
        return;
    }
    if (m_scope->current() == AllHits) return;
    m_inspectorModel->showBlock(block);
}

void LedgerPage::blockLoaded() {
    const auto block = m_inspectorModel->block();
    m_blockTitle->setTitle(block ? block->title : tr("Transactions"));
    m_blockTitle->setSummary(block ? block->summary : QString());
    if (!block || m_scope->current() == AllHits) return;
    const int rows = m_transactionCells->rowCount();
    if (rows == 0) return;
    if (m_pendingBlock && m_pendingBlock != block->number) return;
    std::optional<usecase::WrittenAt> place;
    if (m_inspectorModel->loading()) {
        place = m_inspectorModel->loadingPlace();
        if (!place && !m_pendingTransaction) return;  // its answer brings the block that it needs
    } else if (const auto shown = m_inspectorModel->transaction()) {
        place = shown->place;
    }
    int row = 0;
    if (m_pendingTransaction)
        row = *m_pendingTransaction < 0 ? rows - 1 : std::min(*m_pendingTransaction, rows - 1);
    else if (place && place->block == block->number)
        row = std::min(static_cast<int>(place->transaction), rows - 1);
    m_pendingTransaction.reset();
    m_transactions->setCurrentIndex(m_transactionCells->index(row, 0));
    transactionSelected();
}

void LedgerPage::transactionSelected() {
    const auto place = m_model->transactions()->placeAt(m_transactions->currentIndex().row());
    if (place) m_inspectorModel->showTransaction(*place);
}

void LedgerPage::transactionLoaded() {
    const auto view = m_inspectorModel->transaction();
    if (m_commands) m_commands->refresh();
    if (!view) return;
    // Opened by its id or by a link: the lists follow.
    const QVariant number = m_blocks->currentIndex().data(BlockRole);
    if (!number.isValid() || number.toULongLong() != view->place.block) {
        m_pendingBlock = view->place.block;
        m_model->findRow(view->place.block);
    }
    Q_EMIT linkChanged();
}

void LedgerPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    // In a small window the lists give way first, down to what their columns need.
    const int left = width() < 1150 ? 440 : kLeftWidth;
    m_blocks->setColumnHidden(BlockModel::Hash, width() < 1150);
    const bool first = event->oldSize().width() <= 0;
    if (first && restoreSizes(m_columns)) return;
    if (first || (event->oldSize().width() < 1150) != (width() < 1150))
        m_columns->setSizes({left, std::max(360, width() - left)});
}

bool LedgerPage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_badge && event->type() == QEvent::MouseButtonRelease) openFindings();
    return Page::eventFilter(watched, event);
}

}  // namespace chancery::ui

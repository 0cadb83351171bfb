#include "ui/pages/TransactionInspector.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/models/LedgerInspectorModel.h"
#include "ui/models/LedgerRoles.h"
#include "ui/models/LedgerText.h"
#include "ui/pages/LedgerCells.h"
#include "ui/pages/LedgerParts.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/Badge.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/ChainStrip.h"
#include "ui/widgets/CopyLabel.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/Delegates.h"
#include "ui/widgets/DetailGrid.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/HexView.h"
#include "ui/widgets/IconButton.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/Notice.h"
#include "ui/widgets/OrgChip.h"
#include "ui/widgets/SectionHeader.h"

namespace chancery::ui {
namespace {
constexpr int kWide = 680, kKeyColumn = 172, kWideKeyColumn = 236;
}

TransactionInspector::TransactionInspector(LedgerInspectorModel* model, QWidget* parent)
    : QWidget(parent), m_model(model) {
    setObjectName(QStringLiteral("transactionInspector"));
    const auto seriesOf = [model](const QString& msp) { return model->seriesOf(msp); };
    m_readWriteCells = new LedgerCells(model->readWrites(), seriesOf, this);
    m_endorsementCells = new LedgerCells(model->endorsements(), seriesOf, this);

    // Made inside their places, as on the page.
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(new EmptyState(QStringLiteral("ledger"), tr("No transaction selected"),
                                      tr("Choose a block and one of its transactions.")));
    auto* whole = new QWidget(m_stack);
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader(whole));
    m_tabs = new QTabBar;
    m_tabs->setObjectName(QStringLiteral("inspectorTabs"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    for (const QString& text : {tr("Decoded"), tr("Events"), tr("Envelope tree"), tr("Raw bytes")})
        m_tabs->addTab(text);
    auto* tabRow = new QHBoxLayout;
    tabRow->setContentsMargins(16, 0, 16, 0);
    tabRow->addWidget(m_tabs);
    tabRow->addStretch();
    column->addLayout(tabRow);
    column->addWidget(makeLine());

    m_pages = new QStackedWidget(whole);
    m_pages->addWidget(makeDecoded());
    m_pages->addWidget(makeEvents());
    m_envelope = new DataTree(QStringLiteral("ledger.envelope"), m_pages);
    m_envelope->setObjectName(QStringLiteral("envelopeTree"));
    m_envelope->setAccessibleName(tr("Envelope as a tree"));
    m_envelope->setModel(new LedgerCells(model->envelope(), {}, this));
    m_envelope->setRootIsDecorated(true);
    m_envelope->header()->setStretchLastSection(false);
    m_envelope->header()->setSectionResizeMode(EnvelopeModel::Value, QHeaderView::Stretch);
    m_envelope->header()->resizeSection(EnvelopeModel::Field, 190);
    m_envelope->header()->resizeSection(EnvelopeModel::Type, 150);
    m_envelope->header()->resizeSection(EnvelopeModel::Bytes, 116);
    connect(m_envelope->model(), &QAbstractItemModel::modelReset, m_envelope,
            [this] { m_envelope->expandToDepth(2); });
    m_pages->addWidget(m_envelope);
    m_hex = new HexView(m_pages);
    m_hex->setObjectName(QStringLiteral("rawBytes"));
    m_hex->setAccessibleName(tr("Bytes of the transaction"));
    m_pages->addWidget(m_hex);
    column->addWidget(m_pages, 1);
    m_stack->addWidget(whole);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_tabs, &QTabBar::currentChanged, this, &TransactionInspector::showTab);
    connect(model, &LedgerInspectorModel::transactionChanged, this,
            &TransactionInspector::showTransaction);
    connect(model, &LedgerInspectorModel::blockChanged, this, &TransactionInspector::showBlock);
    connect(model, &LedgerInspectorModel::overviewChanged, this, [this] {
        m_endorsementCells->restyle();
        if (const auto view = m_model->transaction()) {
            fillGrid(*view);
            fillChanges(*view);
        }
    });
    connect(model, &LedgerInspectorModel::rawChanged, this,
            [this] { m_hex->setBytes(m_model->raw()); });
    showTransaction();
}

QWidget* TransactionInspector::makeHeader(QWidget* parent) {
    auto* header = new QWidget(parent);
    auto* column = new QVBoxLayout(header);
    column->setContentsMargins(16, 12, 16, 8);
    column->setSpacing(6);
    auto* first = new QHBoxLayout;
    first->setSpacing(8);
    m_id = new CopyLabel;
    m_id->setObjectName(QStringLiteral("transactionId"));
    m_id->setWhat(tr("Transaction ID"));
    m_id->setType(Type::MonoStrong);
    m_id->setShortened(16, 12);
    first->addWidget(m_id);
    m_verdict = new Badge;
    m_verdict->setObjectName(QStringLiteral("verdict"));
    first->addWidget(m_verdict);
    first->addStretch();
    auto* exporting = makeButton(tr("Export…"), ButtonTone::Secondary, QStringLiteral("download"),
                                 ButtonSize::Small);
    exporting->setToolTip(tr("Export the evidence of this transaction"));
    connect(exporting, &QPushButton::clicked, this, &TransactionInspector::exportRequested);
    first->addWidget(exporting);
    auto* previous = new IconButton(QStringLiteral("left"), tr("Previous transaction  K"));
    auto* next = new IconButton(QStringLiteral("right"), tr("Next transaction  J"));
    for (IconButton* button : {previous, next}) {
        button->setCompact(true);
        first->addWidget(button);
    }
    connect(previous, &IconButton::clicked, this, &TransactionInspector::previousRequested);
    connect(next, &IconButton::clicked, this, &TransactionInspector::nextRequested);
    column->addLayout(first);
    auto* second = new QHBoxLayout;
    second->setSpacing(6);
    m_call = new Label({}, Type::TableStrong, Tone::Text2);
    m_call->setObjectName(QStringLiteral("transactionCall"));
    m_call->setElide(Qt::ElideRight);
    m_where = new Label({}, Type::Table, Tone::Text2);
    m_where->setElide(Qt::ElideRight);
    second->addWidget(m_call);
    second->addWidget(m_where, 1);
    column->addLayout(second);
    return header;
}

QWidget* TransactionInspector::makeDecoded() {
    m_scroll = new QScrollArea(m_pages);
    auto* content = new QWidget(m_scroll->viewport());
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(0);

    m_gridPlace = addSection(column, 16, 12);
    m_notices = addSection(column, 16, 0);
    m_changesSection = new QWidget(content);
    auto* changes = new QVBoxLayout(m_changesSection);
    changes->setContentsMargins(0, 12, 0, 0);
    changes->setSpacing(0);
    changes->addWidget(makeLine());
    changes->addWidget(sectionHeader(tr("What it changes in the configuration")));
    m_changes = addSection(changes, 16, 0);
    column->addWidget(m_changesSection);

    column->addWidget(makeReadWrites(content));
    column->addWidget(makeEndorsements(content));

    column->addSpacing(12);
    column->addWidget(makeLine());
    column->addWidget(sectionHeader(tr("Position in the chain")));
    m_chain = new ChainStrip;
    m_chain->setObjectName(QStringLiteral("chainStrip"));
    m_chain->setAccessibleName(tr("Position in the chain"));
    connect(m_chain, &ChainStrip::activated, this, &TransactionInspector::blockRequested);
    auto* chainPlace = addSection(column, 16, 4);
    chainPlace->addWidget(m_chain);
    m_chainNotices = addSection(column, 16, 0);
    column->addStretch();

    m_scroll->setObjectName(QStringLiteral("decodedScroll"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(content);
    return m_scroll;
}

QWidget* TransactionInspector::makeReadWrites(QWidget* parent) {
    m_readWriteSection = new QWidget(parent);
    auto* readWrite = new QVBoxLayout(m_readWriteSection);
    readWrite->setContentsMargins(0, 8, 0, 0);
    readWrite->setSpacing(0);
    readWrite->addWidget(makeLine());
    auto* header = sectionHeader(tr("Read and write set"));
    m_decode = new QCheckBox(tr("Decode values as JSON"));
    m_decode->setFont(Theme::instance().font(Type::Table));
    m_decode->setChecked(m_model->readWrites()->decoding());
    connect(m_decode, &QCheckBox::toggled, m_model->readWrites(), &ReadWriteModel::setDecoding);
    header->addAction(m_decode);
    readWrite->addWidget(header);
    m_readWrites = new DataTable(QStringLiteral("ledger.readwrites"), m_readWriteSection);
    m_readWrites->setObjectName(QStringLiteral("readWriteTable"));
    m_readWrites->setAccessibleName(tr("Read and write set"));
    m_readWrites->setModel(m_readWriteCells);
    m_readWrites->setFitsContent(true);
    m_readWrites->setContextMenuPolicy(Qt::CustomContextMenu);
    m_readWrites->setColumnDelegate<CellDelegate>(ReadWriteModel::Key);
    m_readWrites->setColumnDelegate<TrailingGlyphDelegate>(ReadWriteModel::ReadAt);
    m_readWrites->setColumnDelegate<DiffDelegate>(ReadWriteModel::Before);
    m_readWrites->setColumnDelegate<DiffDelegate>(ReadWriteModel::After);
    m_readWrites->horizontalHeader()->resizeSection(ReadWriteModel::Key, kKeyColumn);
    m_readWrites->horizontalHeader()->resizeSection(ReadWriteModel::ReadAt, 136);
    m_readWrites->horizontalHeader()->resizeSection(ReadWriteModel::Before, 164);
    m_readWrites->setStretchColumn(ReadWriteModel::After);
    connect(m_readWrites, &DataTable::opened, this, &TransactionInspector::openKey);
    connect(m_readWrites, &QWidget::customContextMenuRequested, this,
            &TransactionInspector::keyMenu);
    readWrite->addWidget(m_readWrites);
    return m_readWriteSection;
}

QWidget* TransactionInspector::makeEndorsements(QWidget* parent) {
    m_endorsementSection = new QWidget(parent);
    auto* endorsements = new QVBoxLayout(m_endorsementSection);
    endorsements->setContentsMargins(0, 12, 0, 0);
    endorsements->setSpacing(0);
    endorsements->addWidget(makeLine());
    endorsements->addWidget(sectionHeader(tr("Endorsements")));
    m_endorsements = new DataTable(QStringLiteral("ledger.endorsements"), m_endorsementSection);
    m_endorsements->setObjectName(QStringLiteral("endorsementTable"));
    m_endorsements->setAccessibleName(tr("Endorsements"));
    m_endorsements->setModel(m_endorsementCells);
    m_endorsements->setFitsContent(true);
    m_endorsements->setColumnDelegate<ChipDelegate>(EndorsementModel::Organisation);
    m_endorsements->setColumnDelegate<CellDelegate>(EndorsementModel::EndorsedBy);
    m_endorsements->setColumnDelegate<MonoDelegate>(EndorsementModel::Certificate);
    m_endorsements->setColumnDelegate<GlyphTextDelegate>(EndorsementModel::Verdict);
    m_endorsements->horizontalHeader()->resizeSection(EndorsementModel::Organisation, 140);
    m_endorsements->horizontalHeader()->resizeSection(EndorsementModel::EndorsedBy, 170);
    m_endorsements->horizontalHeader()->resizeSection(EndorsementModel::Certificate, 130);
    m_endorsements->setStretchColumn(EndorsementModel::Verdict);
    m_endorsements->setLowPriorityColumns({EndorsementModel::Certificate});
    endorsements->addWidget(m_endorsements);
    m_policies = addSection(endorsements, 16, 0);
    return m_endorsementSection;
}

QWidget* TransactionInspector::makeEvents() {
    auto* page = new QWidget(m_pages);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    m_eventName = new Label({}, Type::SmallSectionTitle);
    column->addWidget(m_eventName);
    m_eventValue = new QPlainTextEdit;
    m_eventValue->setReadOnly(true);
    m_eventValue->setAccessibleName(tr("Payload of the event"));
    column->addWidget(m_eventValue, 1);
    return page;
}

void TransactionInspector::setTab(Tab tab) {
    m_tabs->setCurrentIndex(tab);
}

void TransactionInspector::focusMain() {
    m_tabs->setFocus();
}

void TransactionInspector::showTab(int tab) {
    m_pages->setCurrentIndex(tab);
    if (tab == Envelope) m_model->wantEnvelope();
    if (tab == Raw) m_model->wantRaw();
}

void TransactionInspector::showTransaction() {
    const auto view = m_model->transaction();
    m_stack->setCurrentIndex(view ? 1 : 0);
    if (!view) return;
    setUpdatesEnabled(false);
    m_id->setValue(view->id.isEmpty() ? tr("Transaction without an ID") : view->id);
    const Status status = view->level == LedgerLevel::Good  ? Status::Ok
                          : view->level == LedgerLevel::Bad ? Status::Error
                                                            : Status::Unknown;
    m_verdict->setStatus(status, view->verdict);
    m_verdict->setToolTip(view->verdictMeaning);
    m_call->setText(view->call);
    m_where->setText(view->where);
    m_tabs->setTabText(Events, view->event ? tr("Events  1") : tr("Events"));
    m_eventName->setText(view->event ? view->event->name : tr("The transaction sent no event."));
    m_eventValue->setVisible(view->event.has_value());
    m_eventValue->setFont(Theme::instance().font(Type::Mono));
    m_eventValue->setPlainText(view->event ? view->event->value : QString());
    fillGrid(*view);
    fillNotices(*view);
    fillChanges(*view);
    fillPolicies(*view);
    if (std::exchange(m_shown, view->where) != view->where)
        m_scroll->verticalScrollBar()->setValue(0);
    m_readWriteSection->setVisible(m_model->readWrites()->rowCount() > 0);
    spanGroups();
    m_endorsementSection->setVisible(m_model->endorsements()->rowCount() > 0);
    if (m_pages->currentIndex() == Envelope) m_model->wantEnvelope();
    if (m_pages->currentIndex() == Raw) m_model->wantRaw();
    m_hex->setBytes(m_model->raw());
    setUpdatesEnabled(true);
}

void TransactionInspector::fillGrid(const TransactionView& view) {
    clearSection(m_gridPlace);
    auto* grid = new DetailGrid(2, m_gridPlace->parentWidget());
    if (view.creator) {
        auto* who = new QWidget;
        auto* row = new QHBoxLayout(who);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(6);
        auto* chip = new OrgChip;
        chip->setOrganisation(view.creator->msp, m_model->seriesOf(view.creator->msp));
        chip->setToolTip(view.creator->msp);
        row->addWidget(chip);
        auto* name = new Label(view.creator->role.isEmpty()
                                   ? view.creator->name
                                   : view.creator->name + QStringLiteral(", ") + view.creator->role,
                               Type::Table);
        name->setElide(Qt::ElideRight);
        name->setToolTip(view.creator->name + QLatin1Char('\n') + view.creator->msp +
                         QLatin1Char('\n') + view.creator->fingerprint);
        row->addWidget(name, 1);
        grid->addWidget(tr("Submitted by"), who);
    }
    if (!view.policy.isEmpty()) {
        Label* policy = grid->addText(tr("Policy"), view.policy);
        policy->setElide(Qt::ElideRight);
        policy->setToolTip(view.policy);
    }
    const bool longAnswer = view.response.size() > 40;
    if (!view.response.isEmpty() && !longAnswer)
        grid->addText(tr("Answer"), view.response)->setElide(Qt::ElideRight);
    if (!view.contractVersion.isEmpty()) grid->addText(tr("Version"), view.contractVersion);
    if (view.config) grid->addText(tr("Kind"), view.type);
    if (longAnswer) {
        grid->nextSpansRow();
        grid->addText(tr("Answer"), view.response)->setElide(Qt::ElideRight);
    }
    if (!view.arguments.isEmpty()) {
        grid->nextSpansRow();
        grid->addText(tr("Arguments"), view.arguments, Type::Mono)->setElide(Qt::ElideRight);
    }
    for (const NamedValue& value : view.decoded) {
        grid->nextSpansRow();
        grid->addText(value.name, value.value)->setElide(Qt::ElideRight);
    }
    m_gridPlace->addWidget(grid);
}

void TransactionInspector::fillNotices(const TransactionView& view) {
    clearSection(m_notices);
    m_notices->setContentsMargins(16, 12, 16, 4);
    if (view.cause) {
        auto* cause = new Notice(Notice::Kind::Error, view.verdictMeaning, view.cause->sentence);
        cause->setObjectName(QStringLiteral("cause"));
        // Below the text: beside it they would leave it too little room.
        auto* links = new QWidget;
        auto* row = new QHBoxLayout(links);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(16);
        if (view.cause->other) {
            QPushButton* other = makeButton(view.cause->otherText, ButtonTone::Link,
                                            QStringLiteral("arrow"), ButtonSize::Small);
            row->addWidget(other);
            other->setObjectName(QStringLiteral("causeLink"));
            connect(other, &QPushButton::clicked, this, [this, at = *view.cause->other] {
                Q_EMIT transactionRequested(at.block, at.transaction);
            });
        }
        if (view.cause->key) {
            QPushButton* key = makeButton(view.cause->keyText, ButtonTone::Link,
                                          QStringLiteral("clock"), ButtonSize::Small);
            row->addWidget(key);
            connect(key, &QPushButton::clicked, this, [this, at = *view.cause->key] {
                Q_EMIT keyRequested(QString::fromStdString(at.contract),
                                    QString::fromStdString(at.collection),
                                    QByteArray::fromStdString(at.key));
            });
        }
        row->addStretch();
        m_notices->addWidget(cause);
        if (row->count() > 1)
            m_notices->addWidget(links);
        else
            delete links;
        for (const PolicyView& policy : view.cause->missing)
            m_notices->addWidget(policyTree(policy));
    } else if (view.level == LedgerLevel::Bad) {
        m_notices->addWidget(new Notice(Notice::Kind::Error, view.verdictMeaning, {}));
    }
    if (!view.otherVerdict.isEmpty())
        m_notices->addWidget(new Notice(Notice::Kind::Error, view.otherVerdict, {}));
    if (!view.faults.isEmpty())
        m_notices->addWidget(new Notice(Notice::Kind::Warn, tr("Parts cannot be decoded."),
                                        view.faults.join(QLatin1Char(' '))));
    if (!view.privateNote.isEmpty())
        m_notices->addWidget(new Notice(Notice::Kind::Info, {}, view.privateNote));
    if (m_notices->count() == 0) m_notices->setContentsMargins(16, 0, 16, 0);
}

void TransactionInspector::fillChanges(const TransactionView& view) {
    clearSection(m_changes);
    const auto block = m_model->block();
    const std::vector<ChangeView>& changes =
        view.changes.empty() && block && block->number == view.place.block ? block->changes
                                                                           : view.changes;
    m_changesSection->setVisible(view.config && !changes.empty());
    if (!view.config || changes.empty()) return;
    m_changes->addWidget(changeList(changes));
    const QStringList signers = m_model->signersOf(view.place.block);
    if (signers.isEmpty()) return;
    auto* agreed = new Label(tr("Agreed by %1").arg(signers.join(QStringLiteral(", "))),
                             Type::Table, Tone::Text2);
    agreed->setObjectName(QStringLiteral("configSigners"));
    agreed->setWordWrap(true);
    m_changes->addWidget(agreed);
    // Heights of wrapped lines depend on the width; the scroll area asks for them only now.
    QTimer::singleShot(0, m_changesSection, [this] {
        m_changesSection->layout()->invalidate();
        m_changesSection->updateGeometry();
    });
}

void TransactionInspector::fillPolicies(const TransactionView& view) {
    clearSection(m_policies);
    // What a refused transaction lacked stands with the cause already.
    for (const PolicyView& policy : view.policies)
        if (policy.satisfied || !view.cause) m_policies->addWidget(policyTree(policy));
}

void TransactionInspector::showBlock() {
    const auto block = m_model->block();
    clearSection(m_chainNotices);
    if (!block) {
        m_chain->setBlocks({});
        m_chain->setNote({});
        return;
    }
    const auto linkOf = [](BlockView::Joint joint) {
        return joint == BlockView::Joint::Holds    ? ChainBlock::Link::Holds
               : joint == BlockView::Joint::Broken ? ChainBlock::Link::Broken
                                                   : ChainBlock::Link::Unknown;
    };
    std::vector<ChainBlock> blocks;
    if (block->number > 0)
        blocks.push_back({LedgerText::number(block->number - 1), block->previousShort, false,
                          ChainBlock::Link::Unknown, block->number - 1});
    blocks.push_back({LedgerText::number(block->number), block->hashShort, true,
                      linkOf(block->before), block->number});
    if (block->next)
        blocks.push_back({LedgerText::number(*block->next), block->nextShort, false,
                          linkOf(block->after), *block->next});
    m_chain->setBlocks(std::move(blocks));
    m_chain->setNote(block->notes);
    m_chain->setToolTip(block->place);
    if (!block->dataHashMatches || !block->expectedHash.isEmpty()) {
        auto* notice =
            new Notice(Notice::Kind::Error, tr("%1 does not match.").arg(block->title),
                       block->expectedHash.isEmpty()
                           ? tr("Its header repeats another hash than that of its transactions.")
                           : tr("The next header repeats another hash than this block has."));
        notice->setObjectName(QStringLiteral("brokenChain"));
        m_chainNotices->addSpacing(4);
        m_chainNotices->addWidget(notice);
        auto* hashes = new DetailGrid(1);
        if (!block->expectedHash.isEmpty()) {
            hashes->addCopy(tr("Repeated as"), block->expectedHash);
            hashes->addCopy(tr("Computed"), block->actualHash);
        } else {
            hashes->addCopy(tr("In the header"), block->dataHash);
            hashes->addCopy(tr("Computed"), block->computedDataHash);
        }
        m_chainNotices->addWidget(hashes);
    }
    if (const auto view = m_model->transaction()) fillChanges(*view);
}

void TransactionInspector::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // Where there is room, names of keys get it; who moved a column keeps it.
    const bool wide = width() >= kWide;
    if (std::exchange(m_wide, wide) == wide) return;
    QHeaderView* header = m_readWrites->horizontalHeader();
    const int was = wide ? kKeyColumn : kWideKeyColumn;
    if (header->sectionSize(ReadWriteModel::Key) == was)
        header->resizeSection(ReadWriteModel::Key, wide ? kWideKeyColumn : kKeyColumn);
}

void TransactionInspector::spanGroups() {
    m_readWrites->clearSpans();
    for (int row = 0; row < m_readWriteCells->rowCount(); ++row)
        if (m_readWriteCells->index(row, 0).data(GroupRole).toBool())
            m_readWrites->setSpan(row, 0, 1, ReadWriteModel::ColumnCount);
    m_readWrites->updateGeometry();
    m_endorsements->updateGeometry();
}

void TransactionInspector::openKey(const QModelIndex& index) {
    if (!index.data(HasKeyRole).toBool()) return;
    Q_EMIT keyRequested(index.data(ContractRole).toString(), index.data(CollectionRole).toString(),
                        index.data(KeyBytesRole).toByteArray());
}

void TransactionInspector::keyMenu(const QPoint& at) {
    const QModelIndex index = m_readWrites->indexAt(at);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (index.data(HasKeyRole).toBool())
        menu->addAction(tr("History and state of this key…"), this,
                        [this, index = QPersistentModelIndex(index)] { openKey(index); });
    menu->addAction(tr("Copy"), m_readWrites, &DataTable::copySelection);
    menu->popup(m_readWrites->viewport()->mapToGlobal(at));
}

}  // namespace chancery::ui

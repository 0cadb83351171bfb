#include "ui/pages/DemoPane.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include "ui/models/LedgerText.h"
#include "ui/models/NetworkSession.h"
#include "ui/pages/TemplateDelegate.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/ErrorState.h"
#include "ui/widgets/HorizontalLine.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/OperationSteps.h"
#include "ui/widgets/StatusLabel.h"
#include "ui/widgets/TopologyView.h"

namespace chancery::ui {
namespace {

enum DemoState { Choice, Progress, Failure };

constexpr int kDemoMargin = 40, kDemoSide = 32, kDemoFooter = 68, kStepsWidth = 520;
const QString kFirstChoice = QStringLiteral("bank-consortium");

Label* wrapped(const QString& text, Type type, Tone tone) {
    auto* label = new Label(text, type, tone);
    label->setWordWrap(true);
    return label;
}

/// As a peer of the picture before anything runs.
TopologyNode planned(const QString& organisation, const std::string& name, int channels,
                     const std::vector<bool>& joined) {
    TopologyNode node;
    node.title = QString::fromStdString(name);
    node.id = organisation + '/' + node.title;
    node.status = Status::None;
    for (int i = 0; i < channels; ++i)
        node.cells.push_back({joined[static_cast<std::size_t>(i)], {}, {}, {}});
    return node;
}

TopologyPicture pictureOf(const QString& templateId) {
    TopologyPicture picture;
    const auto topology = usecase::findTopology(templateId.toStdString());
    if (!topology.ok()) return picture;
    for (const auto& channel : topology->channels)
        picture.bands.push_back({QString::fromStdString(channel.name.str()),
                                 {},
                                 static_cast<int>(picture.bands.size())});
    int series = 0;
    for (const auto& organisation : topology->organisations) {
        TopologyColumn column;
        column.name = QString::fromStdString(organisation.name);
        column.series = series++;
        std::vector<bool> joined;
        for (const auto& channel : topology->channels)
            joined.push_back(std::ranges::count(channel.members, organisation.name) > 0);
        const int channels = static_cast<int>(joined.size());
        const bool peers = organisation.kind == usecase::OrganisationPlan::Kind::Peers;
        column.authorities.push_back(planned(column.name, "ca." + organisation.domain, 0, {}));
        for (const std::string& node : organisation.nodes)
            (peers ? column.peers : column.orderers)
                .push_back(planned(column.name, node, channels, joined));
        picture.columns.push_back(column);
    }
    return picture;
}

}  // namespace

DemoPane::DemoPane(NetworkSession* session, QWidget* parent) : QWidget(parent), m_session(session) {
    setObjectName(QStringLiteral("demoPane"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(makeChoice());
    m_stack->addWidget(makeProgress());
    m_stack->addWidget(makeFailure());
    column->addWidget(m_stack, 1);
    m_footer = makeFooter();
    column->addWidget(m_footer);
    connect(session, &NetworkSession::stateChanged, this, &DemoPane::showState);
    connect(session, &NetworkSession::stepsChanged, this, &DemoPane::showSteps);
    connect(session, &NetworkSession::preflightChanged, this, &DemoPane::showPreflight);
    fillTemplates();
    choose(kFirstChoice);
    showPreflight();
    session->look();
    showSteps();
    showState();
}

QWidget* DemoPane::makeChoice() {
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    auto* inner = new QWidget;
    inner->setAutoFillBackground(false);
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(kDemoMargin, 28, kDemoSide, 16);
    column->setSpacing(0);
    column->addWidget(new Label(tr("Create a demo network on this computer"), Type::WelcomeTitle));
    column->addSpacing(4);
    column->addWidget(wrapped(tr("Real peer, orderer and CA processes, started without Docker. "
                                 "Everything lives in one folder that you can delete in one step."),
                              Type::Body, Tone::Text2));
    column->addSpacing(18);
    column->addWidget(new HorizontalLine(inner));
    m_templates = new QStandardItemModel(this);
    m_list = new QListView;
    m_list->setObjectName(QStringLiteral("templates"));
    m_list->setAccessibleName(tr("Networks that can be made"));
    m_list->setModel(m_templates);
    m_list->setItemDelegate(new TemplateDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &DemoPane::showChosen);
    column->addWidget(m_list);
    column->addSpacing(20);
    column->addWidget(new Label(tr("What will be started"), Type::SectionTitle));
    column->addSpacing(4);
    m_about = wrapped(QString(), Type::Table, Tone::Text2);
    column->addWidget(m_about);
    column->addSpacing(8);
    m_samples = new QCheckBox(tr("Send sample transactions from the beginning"));
    m_samples->setObjectName(QStringLiteral("wantSamples"));
    m_samples->setChecked(true);
    column->addWidget(m_samples);
    column->addSpacing(10);
    m_preview = new TopologyView;
    m_preview->setObjectName(QStringLiteral("preview"));
    m_preview->setAccessibleName(tr("What will be started"));
    m_preview->setZoom(0.7);
    m_preview->setFocusPolicy(Qt::NoFocus);
    m_preview->setAttribute(Qt::WA_TransparentForMouseEvents);
    column->addWidget(m_preview, 1);
    scroll->setWidget(inner);
    return scroll;
}

QWidget* DemoPane::makeProgress() {
    auto* place = new QWidget;
    auto* column = new QVBoxLayout(place);
    column->setContentsMargins(kDemoMargin, 28, kDemoSide, 16);
    m_steps = new OperationSteps(place);
    m_steps->setObjectName(QStringLiteral("creationSteps"));
    m_steps->setMaximumWidth(kStepsWidth);
    auto* cancel = makeButton(tr("Cancel and remove everything"));
    cancel->setObjectName(QStringLiteral("cancelCreation"));
    connect(cancel, &QPushButton::clicked, m_session, &NetworkSession::cancel);
    m_steps->addButton(cancel);
    column->addWidget(m_steps);
    column->addStretch(1);
    return place;
}

QWidget* DemoPane::makeFailure() {
    m_failurePlace = new QWidget;
    auto* column = new QVBoxLayout(m_failurePlace);
    column->setContentsMargins(kDemoMargin, 28, kDemoSide, 16);
    return m_failurePlace;
}

QWidget* DemoPane::makeFooter() {
    auto* footer = new QWidget(this);
    footer->setFixedHeight(kDemoFooter);
    auto* column = new QVBoxLayout(footer);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new HorizontalLine(footer));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(kDemoMargin, 0, kDemoSide, 0);
    row->setSpacing(16);
    m_memory = new StatusLabel(footer);
    m_disk = new StatusLabel(footer);
    m_programs = new StatusLabel(footer);
    for (StatusLabel* label : {m_memory, m_disk, m_programs}) row->addWidget(label);
    row->addStretch(1);
    m_create = makeButton(tr("Create and start network"), ButtonTone::Primary,
                          QStringLiteral("play"), ButtonSize::Large, footer);
    m_create->setObjectName(QStringLiteral("createNetwork"));
    m_create->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
    m_create->setToolTip(tr("Create and start network") + QStringLiteral("  ") +
                         m_create->shortcut().toString(QKeySequence::NativeText));
    connect(m_create, &QPushButton::clicked, this,
            [this] { Q_EMIT createRequested(chosen(), m_samples->isChecked()); });
    row->addWidget(m_create);
    column->addLayout(row, 1);
    return footer;
}

void DemoPane::fillTemplates() {
    for (const NetworkTemplate& known : NetworkSession::templates()) {
        auto* item = new QStandardItem(known.name);
        item->setData(known.id, Qt::UserRole);
        item->setData(LedgerText::list({tr("%n organisation(s)", nullptr, known.organisations),
                                        tr("%n peer(s)", nullptr, known.peers),
                                        tr("%n orderer(s)", nullptr, known.orderers),
                                        tr("%n channel(s)", nullptr, known.channels)}),
                      TemplateDelegate::SummaryRole);
        item->setData(tr("%1 memory").arg(LedgerText::size(known.memory)),
                      TemplateDelegate::MemoryRole);
        item->setData(known.peers, TemplateDelegate::PeersRole);
        item->setData(known.orderers, TemplateDelegate::OrderersRole);
        item->setData(known.channels, TemplateDelegate::ChannelsRole);
        item->setData(known.about, Qt::ToolTipRole);
        m_templates->appendRow(item);
    }
    m_list->setFixedHeight(m_templates->rowCount() * m_list->sizeHintForRow(0));
}

void DemoPane::choose(const QString& templateId) {
    for (int row = 0; row < m_templates->rowCount(); ++row)
        if (m_templates->item(row)->data(Qt::UserRole).toString() == templateId)
            m_list->setCurrentIndex(m_templates->index(row, 0));
}

QString DemoPane::chosen() const {
    return m_list->currentIndex().data(Qt::UserRole).toString();
}

QWidget* DemoPane::primary() const {
    return m_create;
}

void DemoPane::showChosen() {
    m_about->setText(m_list->currentIndex().data(Qt::ToolTipRole).toString());
    m_preview->setPicture(pictureOf(chosen()));
    showPreflight();
}

void DemoPane::showPreflight() {
    const NetworkPreflight& found = m_session->preflight();
    const bool known = found.known;
    m_memory->setVisible(known);
    m_disk->setVisible(known);
    m_programs->setVisible(known);
    m_create->setEnabled(!known || found.missing.isEmpty());
    if (!known) return;
    quint64 needed = 0;
    for (const NetworkTemplate& one : NetworkSession::templates())
        if (one.id == chosen()) needed = one.memory;
    m_memory->setStatus(found.freeMemory > needed ? Status::Ok : Status::Warn,
                        tr("%1 memory").arg(LedgerText::size(found.freeMemory)));
    m_disk->setStatus(found.freeDisk > 1'000'000'000 ? Status::Ok : Status::Warn,
                      tr("%1 disk").arg(LedgerText::size(found.freeDisk)));
    m_programs->setStatus(
        found.missing.isEmpty() ? Status::Ok : Status::Error,
        found.missing.isEmpty() ? tr("Programs found") : tr("%1 is missing").arg(found.missing));
}

void DemoPane::showState() {
    using State = NetworkSession::State;
    const State state = m_session->state();
    const bool making = state == State::Creating || state == State::Opening;
    const bool failed = state == State::Failed;
    m_stack->setCurrentIndex(making ? Progress : failed ? Failure : Choice);
    m_footer->setVisible(!making);
    m_steps->setTitle(state == State::Opening ? tr("Starting %1").arg(m_session->name())
                                              : tr("Creating %1").arg(m_session->name()));
    delete m_failure;
    m_failure = nullptr;
    if (!failed) return;
    m_failure = new ErrorState(m_failurePlace);
    m_failure->setTitle(tr("%1 could not be started").arg(m_session->name()));
    m_failure->setWhy(m_session->failure());
    m_failure->setDetails(
        {{tr("Error"), m_session->failureDetails()}, {tr("Folder"), m_session->folder()}});
    QPushButton* back = m_failure->addPrimary(tr("Back"));
    connect(back, &QPushButton::clicked, m_session, &NetworkSession::close);
    m_failurePlace->layout()->addWidget(m_failure);
}

void DemoPane::showSteps() {
    std::vector<OperationStep> steps;
    int done = 0;
    for (const NetworkStep& step : m_session->steps()) {
        using State = NetworkStep::State;
        done += step.state == State::Done;
        steps.push_back({step.text,
                         step.state == State::Done      ? Status::Ok
                         : step.state == State::Running ? Status::Running
                         : step.state == State::Failed  ? Status::Error
                                                        : Status::None,
                         step.took});
    }
    m_steps->setFraction(
        steps.empty() ? -1 : static_cast<double>(done) / static_cast<double>(steps.size()));
    m_steps->setSteps(steps);
}

}  // namespace chancery::ui

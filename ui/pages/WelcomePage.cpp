#include "ui/pages/WelcomePage.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListView>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/models/Link.h"
#include "ui/models/NetworkSession.h"
#include "ui/models/RecentLedgers.h"
#include "ui/pages/DemoPane.h"
#include "ui/pages/RecentDelegate.h"
#include "ui/pages/VerificationSketch.h"
#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/DropArea.h"
#include "ui/widgets/HorizontalLine.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/StatusLabel.h"

namespace chancery::ui {
namespace {

constexpr int kRoomy = 1240, kMargin = 40, kSideMargin = 32, kFooter = 68, kMostNetworks = 4;

class Glyph : public QWidget {
public:
    Glyph(const QString& name, QWidget* parent) : QWidget(parent), m_name(name) {
        setFixedSize(20, 20);
        followTheme(this);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        icon(m_name, Tone::Accent).paint(&painter, QRect(2, 2, 16, 16));
    }

private:
    QString m_name;
};

/// Wraps; the layout gives it the room it needs.
Label* paragraph(const QString& text, Type type, Tone tone, QWidget* parent) {
    auto* label = new Label(text, type, tone, parent);
    label->setWordWrap(true);
    return label;
}

}  // namespace

WelcomePage::WelcomePage(RecentLedgers& recent, QWidget* parent, NetworkSession* session)
    : Page(parent), m_recent(recent), m_session(session) {
    setObjectName(QStringLiteral("welcome"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&recent, signal, this, &WelcomePage::refreshRecent);
    followTheme(this);
    build();
}

Link WelcomePage::link() {
    return {QStringLiteral("chancery"), QStringLiteral("-"), QStringLiteral("page"),
            QStringLiteral("welcome")};
}

bool WelcomePage::reveal(const Link& link) {
    return link == WelcomePage::link();
}

Link WelcomePage::currentLink() const {
    return link();
}

void WelcomePage::focusMain() {
    if (m_recent.rowCount() > 0) {
        m_list->setFocus(Qt::OtherFocusReason);
        if (!m_list->currentIndex().isValid()) m_list->setCurrentIndex(m_recent.index(0));
    } else {
        (m_demo == nullptr ? m_choose : m_demo->primary())->setFocus(Qt::OtherFocusReason);
    }
}

bool WelcomePage::makesNetworks() const {
    return m_session != nullptr && m_session->canOpen();
}

/// Built anew for another language: there is no state in it that would be lost.
void WelcomePage::build() {
    delete m_content;
    m_disk = nullptr;
    m_demo = nullptr;
    m_content = new QWidget(this);
    layout()->addWidget(m_content);
    auto* row = new QHBoxLayout(m_content);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    if (makesNetworks()) {
        m_demo = new DemoPane(m_session, m_content);
        connect(m_demo, &DemoPane::createRequested, this, &WelcomePage::createNetworkRequested);
        row->addWidget(m_demo, 2);
        m_side = buildSide();
        row->addWidget(m_side, 1);
        refreshRecent();
        return;
    }
    auto* left = new QVBoxLayout;
    left->setSpacing(0);
    auto* scroll = new QScrollArea(m_content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    QWidget* main = buildMain();
    main->setAutoFillBackground(false);
    scroll->setWidget(main);
    left->addWidget(scroll, 1);
    left->addWidget(buildFooter());
    row->addLayout(left, 2);
    m_side = buildSide();
    row->addWidget(m_side, 1);
    refreshRecent();
}

QWidget* WelcomePage::buildMain() {
    auto* main = new QWidget(m_content);
    auto* column = new QVBoxLayout(main);
    column->setContentsMargins(kMargin, 28, kSideMargin, 24);
    column->setSpacing(0);
    column->addWidget(
        new Label(tr("Verify a ledger on this computer"), Type::WelcomeTitle, Tone::Text, main));
    column->addSpacing(4);
    column->addWidget(paragraph(
        tr("Checks hashes, orderer signatures and endorsements offline, and shows every block, "
           "transaction and key. You need no identity and no running network."),
        Type::Body, Tone::Text2, main));
    column->addSpacing(20);
    auto* drop = new DropArea(QStringLiteral("shield"),
                              tr("Drop block files, a peer's ledger folder or a snapshot"),
                              tr(".block files, blockfile_000000, a folder of them, or a snapshot "
                                 "folder"),
                              tr("Choose file…"), main);
    auto* row = new QHBoxLayout;
    row->addWidget(drop);
    column->addLayout(row);
    m_choose = drop->button();
    m_choose->setToolTip(
        tr("Choose file…") + QStringLiteral("  ") +
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O).toString(QKeySequence::NativeText));
    connect(drop, &DropArea::filesDropped, this, &WelcomePage::filesChosen);
    connect(drop, &DropArea::chooseRequested, this, &WelcomePage::chooseFilesRequested);
    column->addSpacing(28);
    column->addWidget(new HorizontalLine(main));
    column->addSpacing(24);
    column->addWidget(buildChecks());
    column->addStretch(1);
    return main;
}

QWidget* WelcomePage::buildChecks() {
    auto* checks = new QWidget(m_content);
    auto* columns = new QHBoxLayout(checks);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(40);
    auto* left = new QVBoxLayout;
    left->setSpacing(0);
    left->addWidget(new Label(tr("What is checked"), Type::SectionTitle, Tone::Text, checks));
    left->addSpacing(8);
    left->addWidget(new VerificationSketch(checks));
    left->addStretch(1);
    columns->addLayout(left, 9);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(new Label(tr("What you get"), Type::SectionTitle, Tone::Text, checks));
    right->addSpacing(14);
    const auto point = [&](const QString& glyph, const QString& title, const QString& text) {
        auto* row = new QHBoxLayout;
        row->setSpacing(12);
        row->addWidget(new Glyph(glyph, checks), 0, Qt::AlignTop);
        auto* texts = new QVBoxLayout;
        texts->setSpacing(2);
        texts->addWidget(new Label(title, Type::BodyStrong, Tone::Text, checks));
        texts->addWidget(paragraph(text, Type::Table, Tone::Text2, checks));
        row->addLayout(texts, 1);
        right->addLayout(row);
        right->addSpacing(14);
    };
    point(QStringLiteral("shield"), tr("A verdict for each block"),
          tr("The first block that does not fit is named, with both hashes."));
    point(QStringLiteral("search"), tr("Answers about transactions"),
          tr("Why one is invalid, who endorsed it, and what its policy asked for."));
    point(QStringLiteral("clock"), tr("The state at any height"),
          tr("The history of a key, and its value after a block of your choice."));
    point(QStringLiteral("stamp"), tr("Evidence for others"),
          tr("A report with raw blocks and certificates that can be checked by hand."));
    right->addStretch(1);
    columns->addLayout(right, 10);
    return checks;
}

QWidget* WelcomePage::buildFooter() {
    auto* footer = new QWidget(m_content);
    footer->setFixedHeight(kFooter);
    auto* column = new QVBoxLayout(footer);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new HorizontalLine(footer));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(kMargin, 0, kSideMargin, 0);
    row->setSpacing(16);
    row->addWidget(new StatusLabel(Status::Ok, tr("Works offline"), footer));
    row->addWidget(new StatusLabel(Status::Ok, tr("Files are only read"), footer));
    if (m_free >= 0) {
        const QString free = QLocale().formattedDataSize(m_free, 0, QLocale::DataSizeSIFormat);
        m_disk = m_writable
                     ? new StatusLabel(Status::Ok, tr("%1 for the index").arg(free), footer)
                     : new StatusLabel(Status::Error, tr("Index folder cannot be written"), footer);
        row->addWidget(m_disk);
        m_disk->setVisible(!m_writable || width() >= kRoomy);
    }
    row->addStretch(1);
    auto* folder =
        makeButton(tr("Choose folder…"), ButtonTone::Secondary, {}, ButtonSize::Large, footer);
    auto* file = makeButton(tr("Verify a ledger file…"), ButtonTone::Primary,
                            QStringLiteral("shield"), ButtonSize::Large, footer);
    file->setToolTip(m_choose->toolTip());
    connect(folder, &QPushButton::clicked, this, &WelcomePage::chooseFolderRequested);
    connect(file, &QPushButton::clicked, this, &WelcomePage::chooseFilesRequested);
    row->addWidget(folder);
    row->addWidget(file);
    column->addLayout(row, 1);
    return footer;
}

QWidget* WelcomePage::buildSide() {
    auto* side = new QWidget(m_content);
    side->setMinimumWidth(340);
    side->setMaximumWidth(480);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(kSideMargin, 28, kMargin, 24);
    column->setSpacing(0);
    if (makesNetworks()) {
        addNetworks(column, side);
        addVerify(column, side);
    }
    column->addWidget(new Label(makesNetworks() ? tr("Recent ledgers") : tr("Recent"),
                                Type::InspectorTitle, Tone::Text, side));
    column->addSpacing(8);
    m_noRecent = paragraph(tr("Ledgers that you open are listed here, with the verdict and the "
                              "date. Nothing of them is copied except the index."),
                           Type::Body, Tone::Text2, side);
    column->addWidget(m_noRecent);
    m_list = new QListView(side);
    m_list->setModel(&m_recent);
    m_list->setItemDelegate(new RecentDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setAccessibleName(tr("Recent ledgers"));
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->installEventFilter(this);
    connect(m_list, &QListView::clicked, this,
            [this](const QModelIndex& index) { openRow(index.row()); });
    connect(m_list, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        const QModelIndex index = m_list->indexAt(at);
        if (index.isValid()) showMenu(m_list->viewport()->mapToGlobal(at), index.row());
    });
    column->addWidget(m_list, 1);
    column->addStretch(0);
    column->addSpacing(16);
    auto* row = new QHBoxLayout;
    auto* keys = makeButton(tr("Keys and help"), ButtonTone::Link, {}, ButtonSize::Small, side);
    connect(keys, &QPushButton::clicked, this, &WelcomePage::keysRequested);
    row->addWidget(keys);
    row->addStretch(1);
    row->addWidget(new Label(QStringLiteral("Chancery ") + QCoreApplication::applicationVersion(),
                             Type::Table, Tone::Text3, side));
    column->addLayout(row);
    return side;
}

/// What is there already is started again with one click.
void WelcomePage::addNetworks(QVBoxLayout* column, QWidget* side) {
    column->addWidget(
        new Label(tr("Networks on this computer"), Type::InspectorTitle, Tone::Text, side));
    column->addSpacing(4);
    if (m_networks.isEmpty())
        column->addWidget(paragraph(tr("Networks that you make or open are listed here and can be "
                                       "started again."),
                                    Type::Body, Tone::Text2, side));
    for (const QString& folder : m_networks.mid(0, kMostNetworks)) {
        auto* open = makeButton(QFileInfo(folder).fileName(), ButtonTone::Ghost,
                                QStringLiteral("overview"), ButtonSize::Normal, side);
        open->setProperty("networkFolder", folder);
        open->setToolTip(folder);
        connect(open, &QPushButton::clicked, this,
                [this, folder] { Q_EMIT networkOpened(folder); });
        column->addWidget(open, 0, Qt::AlignLeft);
    }
    column->addSpacing(8);
    auto* choose = makeButton(tr("Open a network's folder…"), ButtonTone::Secondary,
                              QStringLiteral("folder"), ButtonSize::Normal, side);
    connect(choose, &QPushButton::clicked, this, &WelcomePage::openNetworkRequested);
    column->addWidget(choose, 0, Qt::AlignLeft);
    column->addSpacing(24);
    column->addWidget(new HorizontalLine(side));
    column->addSpacing(24);
}

void WelcomePage::addVerify(QVBoxLayout* column, QWidget* side) {
    column->addWidget(
        new Label(tr("Verify a ledger file"), Type::InspectorTitle, Tone::Text, side));
    column->addSpacing(4);
    column->addWidget(
        paragraph(tr("Checks hashes, orderer signatures and endorsements offline. You "
                     "need no identity and no running network."),
                  Type::Body, Tone::Text2, side));
    column->addSpacing(12);
    auto* drop = new DropArea(QStringLiteral("shield"), tr("Drop block files or a snapshot"),
                              tr(".block, blockfile_000000, a folder"), tr("Choose file…"), side);
    m_choose = drop->button();
    connect(drop, &DropArea::filesDropped, this, &WelcomePage::filesChosen);
    connect(drop, &DropArea::chooseRequested, this, &WelcomePage::chooseFilesRequested);
    column->addWidget(drop);
    column->addSpacing(24);
    column->addWidget(new HorizontalLine(side));
    column->addSpacing(24);
}

void WelcomePage::setNetworks(const QStringList& folders) {
    if (m_networks == folders || !makesNetworks()) return;
    m_networks = folders;
    build();
}

void WelcomePage::refreshRecent() {
    const bool none = m_recent.rowCount() == 0;
    m_noRecent->setVisible(none);
    auto* column = static_cast<QVBoxLayout*>(m_side->layout());
    column->setStretch(column->indexOf(m_list) + 1, none ? 1 : 0);
    m_list->setVisible(!none);
}

void WelcomePage::openRow(int row) {
    if (row < 0 || row >= m_recent.rowCount()) return;
    if (m_recent.at(row).missing) {
        Q_EMIT locateRequested(row);
    } else {
        Q_EMIT recentOpened(row);
    }
}

void WelcomePage::showMenu(const QPoint& at, int row) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (!m_recent.at(row).missing)
        menu->addAction(tr("Open"), this, [this, row] { Q_EMIT recentOpened(row); });
    menu->addAction(tr("Locate…"), this, [this, row] { Q_EMIT locateRequested(row); });
    menu->addAction(tr("Copy path"), this, [paths = m_recent.at(row).paths] {
        QGuiApplication::clipboard()->setText(paths.join('\n'));
    });
    menu->addSeparator();
    menu->addAction(tr("Remove from list"), this, [this, row] { m_recent.remove(row); });
    menu->popup(at);
}

void WelcomePage::setDiskSpace(qint64 freeBytes, bool writable) {
    if (m_free == freeBytes && m_writable == writable) return;
    m_free = freeBytes;
    m_writable = writable;
    const bool focused = m_content->isAncestorOf(window()->focusWidget());
    build();
    if (focused) focusMain();
}

bool WelcomePage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int row = m_list->currentIndex().row();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            openRow(row);
            return true;
        }
        if (key == Qt::Key_Delete && row >= 0) {
            m_recent.remove(row);
            return true;
        }
        if (key == Qt::Key_Menu && row >= 0) {
            const QRect rect = m_list->visualRect(m_list->currentIndex());
            showMenu(m_list->viewport()->mapToGlobal(rect.bottomLeft()), row);
            return true;
        }
    }
    return Page::eventFilter(watched, event);
}

void WelcomePage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) build();
    Page::changeEvent(event);
}

void WelcomePage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    if (m_disk != nullptr) m_disk->setVisible(!m_writable || width() >= kRoomy);
}

void WelcomePage::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    painter.fillRect(rect(), theme.color(Tone::Surface));
    drawVerticalLine(painter, m_side->x(), 0, height(), theme.color(Tone::Border));
}

}  // namespace chancery::ui

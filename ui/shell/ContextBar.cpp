#include "ui/shell/ContextBar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QSignalBlocker>

#include "ui/models/Settings.h"
#include "ui/shell/BrandMark.h"
#include "ui/shell/SearchButton.h"
#include "ui/style/Paint.h"
#include "ui/widgets/IconButton.h"
#include "ui/widgets/SegmentedControl.h"

namespace chancery::ui {
namespace {

constexpr int kHeight = 44, kBrandWidth = 176, kCompactBrandWidth = 48;

/// "›" between two parts.
class Arrow : public QWidget {
public:
    explicit Arrow(QWidget* parent) : QWidget(parent) {
        setFixedSize(16, 16);
        followTheme(this);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        icon(QStringLiteral("right"), Tone::Text3).paint(&painter, QRect(1, 1, 14, 14));
    }
};

}  // namespace

ContextBar::ContextBar(QWidget* parent)
    : QWidget(parent),
      m_brand(new BrandMark(this)),
      m_partRow(new QHBoxLayout),
      m_search(new SearchButton(this)),
      m_language(new QComboBox(this)),
      m_theme(new SegmentedControl(this)),
      m_bell(new IconButton(QStringLiteral("bell"), QString(), this)),
      m_help(new IconButton(QStringLiteral("help"), QString(), this)) {
    setFixedHeight(kHeight);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 12, 0);
    row->setSpacing(8);
    row->addWidget(m_brand);
    m_partRow->setSpacing(4);
    row->addLayout(m_partRow);
    row->addStretch(1);
    row->addWidget(m_language);
    row->addWidget(m_theme);
    row->addWidget(m_search);
    row->addWidget(m_bell);
    row->addWidget(m_help);
    for (const Language& language : languages()) m_language->addItem(language.name, language.code);
    m_language->setMinimumWidth(128);
    for (int i = 0; i < 3; ++i) m_theme->addSegment(QString());
    connect(m_language, &QComboBox::activated, this,
            [this](int index) { Q_EMIT languageChosen(m_language->itemData(index).toString()); });
    connect(m_theme, &SegmentedControl::currentChanged, this, &ContextBar::themeChosen);
    connect(m_search, &QAbstractButton::clicked, this, &ContextBar::searchActivated);
    followTheme(this);
    retranslate();
    arrange();
}

void ContextBar::retranslate() {
    m_search->setText(tr("Search or run a command"));
    m_search->setAccessibleName(tr("Search or run a command"));
    m_search->setToolTip(tr("Search or run a command") + QStringLiteral("  ") +
                         QKeySequence(Qt::CTRL | Qt::Key_K).toString(QKeySequence::NativeText));
    m_search->setKeys(tr("Ctrl K"));
    m_language->setAccessibleName(tr("Language"));
    m_language->setToolTip(tr("Language"));
    m_theme->setSegmentText(0, tr("Light"));
    m_theme->setSegmentText(1, tr("Dark"));
    m_theme->setSegmentText(2, tr("System"));
    m_theme->setAccessibleName(tr("Theme"));
    m_help->setText(tr("Keys and help"));
    m_help->setToolTip(tr("Keys and help  F1"));
    m_help->setAccessibleName(tr("Keys and help"));
    m_bell->setText(tr("Notifications"));
    m_bell->setToolTip(tr("Notifications"));
    m_bell->setAccessibleName(tr("Notifications"));
}

void ContextBar::setParts(const std::vector<ContextPart>& parts) {
    while (m_parts.size() > parts.size()) {
        delete m_parts.back();
        m_parts.pop_back();
        if (!m_arrows.empty()) {
            delete m_arrows.back();
            m_arrows.pop_back();
        }
    }
    while (m_parts.size() < parts.size()) {
        if (!m_parts.empty()) {
            m_arrows.push_back(new Arrow(this));
            m_partRow->addWidget(m_arrows.back());
        }
        auto* button = new ContextButton(this);
        const int part = static_cast<int>(m_parts.size());
        connect(button, &QAbstractButton::clicked, this, [this, button, part] {
            if (button->part().menu) Q_EMIT partActivated(part);
        });
        m_parts.push_back(button);
        m_partRow->addWidget(button);
        button->setCompact(m_compact);
    }
    for (size_t i = 0; i < parts.size(); ++i) m_parts[i]->setPart(parts[i]);
}

void ContextBar::setCompact(bool compact) {
    m_compact = compact;
    for (ContextButton* button : m_parts) button->setCompact(compact && !m_welcome);
    arrange();
}

void ContextBar::setWelcome(bool welcome) {
    m_welcome = welcome;
    setCompact(m_compact);
}

void ContextBar::arrange() {
    const bool small = m_compact && !m_welcome;
    m_brand->setCompact(small);
    m_brand->setFixedWidth(small ? kCompactBrandWidth : kBrandWidth - 8);
    m_search->setCompact(m_compact);
    m_search->setVisible(!m_welcome);
    m_language->setVisible(m_welcome);
    m_theme->setVisible(m_welcome);
}

void ContextBar::setUnread(int count) {
    m_bell->setCount(count == 0   ? QString()
                     : count > 99 ? QStringLiteral("99+")
                                  : QString::number(count));
    const QString name =
        count == 0 ? tr("Notifications") : tr("Notifications, %n unread", nullptr, count);
    m_bell->setAccessibleName(name);
    m_bell->setToolTip(name);
}

void ContextBar::showChoices(const QString& language, int theme) {
    const QSignalBlocker languageBlock(m_language), themeBlock(m_theme);
    m_language->setCurrentIndex(m_language->findData(language));
    m_theme->setCurrent(theme);
}

void ContextBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    painter.fillRect(rect(), theme.color(Tone::Window));
    drawHorizontalLine(painter, 0, width(), height() - 1, theme.color(Tone::Border));
}

}  // namespace chancery::ui

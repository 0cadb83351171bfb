#include "ui/style/Theme.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QFontDatabase>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QStyle>
#include <QToolTip>
#include <array>

#include "ui/style/ConsoleStyle.h"
#include "ui/style/SystemLook.h"

// The resources lie in a static library, which the linker would leave out otherwise. Must stand
// outside of every namespace.
static void initResources() {
    Q_INIT_RESOURCE(look);
}

namespace chancery::ui {
namespace {

constexpr std::array kNames = {"window",   "surface", "subtle",  "hover",    "selected", "selrow",
                               "border",   "border2", "ctl",     "text",     "text2",    "text3",
                               "disabled", "accent",  "accentH", "onAccent", "ok",       "warn",
                               "error",    "info",    "idle",    "okBg",     "warnBg",   "errorBg",
                               "infoBg",   "idleBg",  "s1",      "s2",       "s3",       "s4",
                               "s5",       "s6",      "band1",   "band5",    "band1e",   "band5e",
                               "add",      "del",     "chg",     "sb",       "chip"};
static_assert(kNames.size() == static_cast<size_t>(Tone::Count));

using Colors = std::array<QColor, kNames.size()>;

Colors colorsFrom(const QJsonObject& object) {
    Colors colors;
    for (size_t i = 0; i < kNames.size(); ++i) {
        colors[i] = QColor(object.value(QLatin1String(kNames[i])).toString());
        if (!colors[i].isValid()) qFatal("tokens.json has no colour %s", kNames[i]);
    }
    return colors;
}

QByteArray resource(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) qFatal("resource %s is missing", qPrintable(path));
    return file.readAll();
}

/// Light, dark.
const std::array<Colors, 2>& tokens() {
    static const std::array<Colors, 2> all = [] {
        const auto root = QJsonDocument::fromJson(resource(":/style/tokens.json")).object();
        return std::array{colorsFrom(root.value("light").toObject()),
                          colorsFrom(root.value("dark").toObject())};
    }();
    return all;
}

struct TypeStyle {
    double px;
    int line;
    QFont::Weight weight;
    bool mono = false;
};

TypeStyle styleOf(Type type) {
    switch (type) {
        case Type::WelcomeTitle:
            return {20, 28, QFont::DemiBold};
        case Type::PageTitle:
            return {16, 22, QFont::DemiBold};
        case Type::InspectorTitle:
            return {15, 20, QFont::DemiBold};
        case Type::SectionTitle:
            return {13, 18, QFont::DemiBold};
        case Type::SmallSectionTitle:
            return {12, 16, QFont::DemiBold};
        case Type::Body:
            return {13, 18, QFont::Normal};
        case Type::BodyStrong:
            return {13, 18, QFont::DemiBold};
        case Type::Button:
            return {13, 18, QFont::Medium};
        case Type::Table:
            return {12, 16, QFont::Normal};
        case Type::TableStrong:
            return {12, 16, QFont::DemiBold};
        case Type::Caption:
            return {11, 14, QFont::Normal};
        case Type::CaptionStrong:
            return {11, 14, QFont::Medium};
        case Type::Figure:
            return {19, 24, QFont::DemiBold};
        case Type::Mono:
            return {12, 16, QFont::Normal, true};
        case Type::MonoStrong:
            return {12, 16, QFont::DemiBold, true};
        case Type::LogMono:
            return {11.5, 21, QFont::Normal, true};
        case Type::Axis:
            return {10.5, 14, QFont::Normal};
    }
    return {13, 18, QFont::Normal};
}

/// The desktop's own font, where a desktop set one; else the stand-in of the design.
QString interfaceFamily() {
    const QString system = QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
    static const QStringList kNobodysChoice = {"",           "Sans",        "Sans Serif",
                                               "sans-serif", "DejaVu Sans", "Helvetica"};
    if (!kNobodysChoice.contains(system)) return system;
    return QFontDatabase::hasFamily("Inter") ? QStringLiteral("Inter") : system;
}

QString styleSheet(const Colors& colors) {
    QString sheet = QString::fromUtf8(resource(":/style/console.qss"));
    // Longest names first, as one may begin like another.
    std::vector<size_t> order(kNames.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [](size_t a, size_t b) { return qstrlen(kNames[a]) > qstrlen(kNames[b]); });
    for (const size_t i : order) {
        sheet.replace(QLatin1Char('@') + QLatin1String(kNames[i]), colors[i].name());
    }
    return sheet;
}

bool isDarkPalette(const QPalette& palette) {
    return palette.color(QPalette::Window).lightness() <
           palette.color(QPalette::WindowText).lightness();
}

}  // namespace

Theme& Theme::instance() {
    static Theme* theme = new Theme;  // lives as long as the program: widgets die in any order
    return *theme;
}

Theme::Theme() {
    initResources();
    for (const auto* file : {"Regular", "Medium", "SemiBold"}) {
        QFontDatabase::addApplicationFont(QStringLiteral(":/fonts/JetBrainsMono-%1.ttf").arg(file));
    }
    m_family = interfaceFamily();
    m_system = new SystemLook(this);
    connect(m_system, &SystemLook::changed, this, &Theme::follow);
    m_paletteIsDark = isDarkPalette(QGuiApplication::palette());
}

void Theme::applyTo(QApplication& application) {
    m_application = &application;
    m_paletteIsDark = isDarkPalette(QApplication::palette());
    application.setStyle(new ConsoleStyle);
    application.installEventFilter(this);
    m_dark = m_mode == Mode::Dark ||
             (m_mode == Mode::System && m_system->dark().value_or(m_paletteIsDark));
    restyle();
}

void Theme::setMode(Mode mode) {
    if (m_mode == mode) return;
    m_mode = mode;
    follow();
}

void Theme::setDensity(Density density) {
    if (m_density == density) return;
    m_density = density;
    Q_EMIT changed();
}

bool Theme::reducedMotion() const {
    return m_reducedMotion || !m_system->animations().value_or(true);
}

void Theme::setReducedMotion(bool reduced) {
    if (m_reducedMotion == reduced) return;
    m_reducedMotion = reduced;
    Q_EMIT changed();
}

void Theme::follow() {
    const bool dark = m_mode == Mode::Dark ||
                      (m_mode == Mode::System && m_system->dark().value_or(m_paletteIsDark));
    if (dark != m_dark) {
        m_dark = dark;
        restyle();
    } else {
        Q_EMIT changed();  // of motion
    }
}

void Theme::restyle() {
    m_fonts.clear();
    if (m_application != nullptr) {
        m_restyling = true;
        QApplication::setPalette(palette());
        m_application->setStyleSheet(styleSheet(tokens()[m_dark ? 1 : 0]));
        QApplication::setFont(font(Type::Body));
        for (const auto* name : {"QPushButton", "QToolButton"}) {
            QApplication::setFont(font(Type::Button), name);
        }
        for (const auto* name : {"QTableView", "QTreeView", "QTipLabel"}) {
            QApplication::setFont(font(Type::Table), name);
        }
        QApplication::setFont(font(Type::CaptionStrong), "QHeaderView");
        QToolTip::setFont(font(Type::Table));
        m_restyling = false;
    }
    Q_EMIT changed();
}

QPalette Theme::palette() const {
    QPalette p;
    const auto both = [&](QPalette::ColorRole role, Tone tone) { p.setColor(role, color(tone)); };
    both(QPalette::Window, Tone::Surface);
    both(QPalette::WindowText, Tone::Text);
    both(QPalette::Base, Tone::Surface);
    both(QPalette::AlternateBase, Tone::Subtle);
    both(QPalette::Text, Tone::Text);
    both(QPalette::PlaceholderText, Tone::Text3);
    both(QPalette::Button, Tone::Surface);
    both(QPalette::ButtonText, Tone::Text);
    both(QPalette::BrightText, Tone::Error);
    both(QPalette::ToolTipBase, Tone::Surface);
    both(QPalette::ToolTipText, Tone::Text);
    both(QPalette::Highlight, Tone::Accent);
    both(QPalette::HighlightedText, Tone::OnAccent);
    both(QPalette::Link, Tone::Accent);
    both(QPalette::LinkVisited, Tone::Accent);
    both(QPalette::Light, Tone::Surface);
    both(QPalette::Midlight, Tone::Subtle);
    both(QPalette::Mid, Tone::Border2);
    both(QPalette::Dark, Tone::Control);
    both(QPalette::Shadow, Tone::Border);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
                            QPalette::HighlightedText, QPalette::PlaceholderText}) {
        p.setColor(QPalette::Disabled, role, color(Tone::Disabled));
    }
    p.setColor(QPalette::Disabled, QPalette::Base, color(Tone::Subtle));
    p.setColor(QPalette::Disabled, QPalette::Button, color(Tone::Subtle));
    return p;
}

QColor Theme::color(Tone tone) const {
    return tokens()[m_dark ? 1 : 0][static_cast<size_t>(tone)];
}

QFont Theme::font(Type type) const {
    const auto known = m_fonts.find(type);
    if (known != m_fonts.end()) return known->second;
    const TypeStyle style = styleOf(type);
    QFont font;
    // The simplified forms first, as other Chinese, Japanese and Korean fonts have the same
    // letters.
    font.setFamilies(
        style.mono
            ? QStringList{"JetBrains Mono", "Cascadia Mono", "SF Mono", "DejaVu Sans Mono",
                          "Noto Sans Mono CJK SC", "Noto Sans CJK SC"}
            : QStringList{m_family, "Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC"});
    font.setPointSizeF(style.px * 72 / 96);
    font.setWeight(style.weight);
    if (style.mono) font.setStyleHint(QFont::Monospace);
    m_fonts.emplace(type, font);
    return font;
}

int Theme::lineHeight(Type type) const {
    return styleOf(type).line;
}

QVector<qreal> Theme::dash(int series) const {
    // In px of a line 1.5 px wide; pens count in widths of theirs.
    static const std::array<QVector<qreal>, 6> kDashes = {QVector<qreal>{}, {6, 3}, {2, 2.5},
                                                          {8, 3, 2, 3},     {1, 3}, {12, 3}};
    return kDashes[static_cast<size_t>(((series - 1) % 6 + 6) % 6)];
}

int Theme::rowHeight() const {
    switch (m_density) {
        case Density::Compact:
            return 24;
        case Density::Normal:
            return 28;
        case Density::Comfortable:
            return 34;
    }
    return 28;
}

Tone Theme::seriesTone(int index) const {
    static constexpr std::array kOrder = {Tone::Series4, Tone::Series3, Tone::Series2,
                                          Tone::Series6, Tone::Series1, Tone::Series5};
    if (index < 0) return Tone::Text3;
    return kOrder[static_cast<size_t>(index) % kOrder.size()];
}

void Theme::readSystemPalette() {
    m_restyling = true;
    QApplication::setPalette(QPalette());
    const bool dark = isDarkPalette(QApplication::palette());
    QApplication::setPalette(palette());
    m_restyling = false;
    if (dark == m_paletteIsDark) return;
    m_paletteIsDark = dark;
    if (m_mode == Mode::System) follow();
}

bool Theme::eventFilter(QObject* watched, QEvent* event) {
    const auto type = event->type();
    if (m_restyling) return false;
    // Qt 6.4 tells of a new desktop theme in no better way; windows get it, once each.
    if (type == QEvent::ThemeChange && watched->isWindowType()) readSystemPalette();
    if (type == QEvent::LocaleChange && watched == m_application) m_fonts.clear();
    return false;
}

}  // namespace chancery::ui

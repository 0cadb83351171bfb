#include "ui/models/Settings.h"

#include <QLocale>
#include <algorithm>

namespace chancery::ui {
namespace {

const QStringList kAppearances{QStringLiteral("light"), QStringLiteral("dark"),
                               QStringLiteral("system")};
const QStringList kDensities{QStringLiteral("compact"), QStringLiteral("normal"),
                             QStringLiteral("comfortable")};
const QStringList kLevels{QStringLiteral("debug"), QStringLiteral("info"),
                          QStringLiteral("warning"), QStringLiteral("error")};

template <class Enum>
Enum read(const QSettings& file, const QString& name, const QStringList& words, Enum otherwise) {
    const auto at = words.indexOf(file.value(name).toString());
    return at < 0 ? otherwise : static_cast<Enum>(at);
}

template <class Enum>
QString word(const QStringList& words, Enum value) {
    return words.value(static_cast<int>(value));
}

constexpr qsizetype kRecentCommands = 12;

}  // namespace

const QList<Language>& languages() {
    static const QList<Language> all{{QStringLiteral("en"), QStringLiteral("English")},
                                     {QStringLiteral("zh_CN"), QStringLiteral("简体中文")}};
    return all;
}

Settings::Settings(const QString& file, QObject* parent)
    : QObject(parent), m_file(file, QSettings::IniFormat) {}

void Settings::store(const QString& name, const QVariant& value) {
    if (m_file.value(name) == value) return;
    m_file.setValue(name, value);
    Q_EMIT changed();
}

QString Settings::language() const {
    const QString chosen = m_file.value(QStringLiteral("language")).toString();
    for (const Language& language : languages())
        if (language.code == chosen) return chosen;
    return QLocale::system().language() == QLocale::Chinese ? QStringLiteral("zh_CN")
                                                            : QStringLiteral("en");
}

void Settings::setLanguage(const QString& language) {
    store(QStringLiteral("language"), language);
}

Settings::Appearance Settings::appearance() const {
    return read(m_file, QStringLiteral("theme"), kAppearances, Appearance::System);
}

void Settings::setAppearance(Appearance appearance) {
    store(QStringLiteral("theme"), word(kAppearances, appearance));
}

Settings::Density Settings::density() const {
    return read(m_file, QStringLiteral("density"), kDensities, Density::Normal);
}

void Settings::setDensity(Density density) {
    store(QStringLiteral("density"), word(kDensities, density));
}

bool Settings::reducedMotion() const {
    return m_file.value(QStringLiteral("reducedMotion"), false).toBool();
}

void Settings::setReducedMotion(bool reduced) {
    store(QStringLiteral("reducedMotion"), reduced);
}

Settings::LogLevel Settings::logLevel() const {
    return read(m_file, QStringLiteral("logLevel"), kLevels, LogLevel::Info);
}

void Settings::setLogLevel(LogLevel level) {
    store(QStringLiteral("logLevel"), word(kLevels, level));
}

bool Settings::railCollapsed() const {
    return m_file.value(QStringLiteral("railCollapsed"), false).toBool();
}

void Settings::setRailCollapsed(bool collapsed) {
    store(QStringLiteral("railCollapsed"), collapsed);
}

QStringList Settings::recentCommands() const {
    return m_file.value(QStringLiteral("recentCommands")).toStringList();
}

void Settings::addRecentCommand(const QString& id) {
    QStringList recent = recentCommands();
    recent.removeAll(id);
    recent.prepend(id);
    m_file.setValue(QStringLiteral("recentCommands"), recent.mid(0, kRecentCommands));
}

QByteArray Settings::state(const QString& name) const {
    return m_file.value(QStringLiteral("state/") + name).toByteArray();
}

void Settings::setState(const QString& name, const QByteArray& state) {
    m_file.setValue(QStringLiteral("state/") + name, state);
}

}  // namespace chancery::ui

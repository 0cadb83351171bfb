#pragma once

#include <QObject>
#include <QSettings>
#include <QStringList>

namespace chancery::ui {

/// What a person chose, kept in one file of the workspace. Each change is told and applied at once.
/// GUI thread only.
class Settings : public QObject {
    Q_OBJECT
public:
    enum class Appearance { Light, Dark, System };
    enum class Density { Compact, Normal, Comfortable };
    enum class LogLevel { Debug, Info, Warning, Error };

    explicit Settings(const QString& file, QObject* parent = nullptr);

    /// "en" or "zh_CN": as chosen, else the system's where it is one of them, else English.
    QString language() const;
    void setLanguage(const QString& language);
    Appearance appearance() const;
    void setAppearance(Appearance appearance);
    Density density() const;
    void setDensity(Density density);
    bool reducedMotion() const;
    void setReducedMotion(bool reduced);
    LogLevel logLevel() const;
    void setLogLevel(LogLevel level);
    bool railCollapsed() const;
    void setRailCollapsed(bool collapsed);

    /// Ids of commands that were run, newest first, at most 12.
    QStringList recentCommands() const;
    void addRecentCommand(const QString& id);

    /// Geometry, splitters, columns: opaque states under a name such as "ledger/columns".
    QByteArray state(const QString& name) const;
    void setState(const QString& name, const QByteArray& state);

    /// For models that keep a list of their own.
    QVariant value(const QString& name) const { return m_file.value(name); }
    void setValue(const QString& name, const QVariant& value) { m_file.setValue(name, value); }

Q_SIGNALS:
    void changed();

private:
    void store(const QString& name, const QVariant& value);
    QSettings m_file;
};

/// The languages in which the console speaks: code and own name.
struct Language {
    QString code;
    QString name;
};
const QList<Language>& languages();

}  // namespace chancery::ui

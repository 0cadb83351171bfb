#pragma once

#include <QObject>
#include <optional>

class QDBusVariant;

namespace chancery::ui {

/// What the desktop wishes, told by its settings portal where there is one (Linux). Asked without
/// waiting; before the answer, and without a portal, nothing is known.
class SystemLook : public QObject {
    Q_OBJECT
public:
    explicit SystemLook(QObject* parent = nullptr);
    std::optional<bool> dark() const { return m_dark; }
    std::optional<bool> animations() const { return m_animations; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void settingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void ask(const QString& group, const QString& key);
    void take(const QString& key, QVariant value);
    std::optional<bool> m_dark;
    std::optional<bool> m_animations;
};

}  // namespace chancery::ui

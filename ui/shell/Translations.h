#pragma once

#include <QString>
#include <QTranslator>

class QCoreApplication;

namespace chancery::ui {

/// The language of everything that is shown, Qt's own dialogs included. A change reaches the
/// widgets as QEvent::LanguageChange, at once.
class Translations {
public:
    explicit Translations(QCoreApplication& application);
    ~Translations();
    Translations(const Translations&) = delete;
    Translations& operator=(const Translations&) = delete;

    /// "en" or "zh_CN"; others give English.
    void use(const QString& language);
    QString language() const { return m_language; }

private:
    QCoreApplication& m_application;
    QTranslator m_own, m_qt;
    QString m_language;
};

}  // namespace chancery::ui

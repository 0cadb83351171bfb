#pragma once

#include <QWidget>
#include <vector>

#include "ui/shell/ContextButton.h"

class QComboBox;
class QHBoxLayout;

namespace chancery::ui {

class BrandMark;
class IconButton;
class SearchButton;
class SegmentedControl;

/// Top of the window: what one looks at and as whom, search, notifications, help. On the welcome
/// page language and theme stand in the place of the search field.
class ContextBar : public QWidget {
    Q_OBJECT
public:
    explicit ContextBar(QWidget* parent = nullptr);

    void setParts(const std::vector<ContextPart>& parts);
    const std::vector<ContextButton*>& partButtons() const { return m_parts; }
    void setCompact(bool compact);
    void setWelcome(bool welcome);
    void setUnread(int count);
    void showChoices(const QString& language, int theme);
    IconButton* bell() const { return m_bell; }
    IconButton* help() const { return m_help; }
    /// Texts in the language of the moment.
    void retranslate();
    QSize sizeHint() const override { return {1100, 44}; }

Q_SIGNALS:
    void partActivated(int part);
    void searchActivated();
    void languageChosen(const QString& code);
    void themeChosen(int theme);  ///< 0 light, 1 dark, 2 system

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void arrange();
    BrandMark* m_brand;
    QHBoxLayout* m_partRow;
    std::vector<ContextButton*> m_parts;
    std::vector<QWidget*> m_arrows;
    SearchButton* m_search;
    QComboBox* m_language;
    SegmentedControl* m_theme;
    IconButton* m_bell;
    IconButton* m_help;
    bool m_compact = false;
    bool m_welcome = true;
};

}  // namespace chancery::ui

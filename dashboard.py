"""What `streamlit run` starts: the home page, and the door in front of all pages."""

if __name__ == "__main__":
    from pages.shared.home.home import main

    main()
else:
    # Streamlit runs this file as the page; its web server imports it for what answers every request first.
    from streamlit.starlette import App

    from pages.shared.door.doorkeeper import doorkeepers

    app = App(__file__, middleware=doorkeepers())

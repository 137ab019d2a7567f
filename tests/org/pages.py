"""What a page itself shows, without the frame: the frame names the reader and the bodies to choose from."""


def main(answer):
    return answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]

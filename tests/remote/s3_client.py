"""s3_client.py PORT FOLDER keys | abort | get KEY FILE | put KEY FILE: the server as another program (boto3) sees it."""

import sys
from pathlib import Path

import boto3

port, folder, verb, *words = sys.argv[1:]
_, key_id, secret = (Path(folder) / "credentials").read_text().splitlines()[0].split()
s3 = boto3.client(
    "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1", aws_access_key_id=key_id,
    aws_secret_access_key=secret,
)
if verb == "keys":
    print(*(item["Key"] for item in s3.list_objects_v2(Bucket="bucket").get("Contents", [])), sep="\n")
uploads = s3.list_multipart_uploads(Bucket="bucket").get("Uploads", []) if verb in ("keys", "abort") else []
for upload in uploads:
    if verb == "keys":
        print("upload of " + upload["Key"])
    else:
        s3.abort_multipart_upload(Bucket="bucket", Key=upload["Key"], UploadId=upload["UploadId"])
if verb == "get":
    Path(words[1]).write_bytes(s3.get_object(Bucket="bucket", Key=words[0])["Body"].read())
elif verb == "put":
    s3.put_object(Bucket="bucket", Key=words[0], Body=Path(words[1]).read_bytes())

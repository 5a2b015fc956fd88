;; Sums of products of one feature map with the four shifted copies of F_0 that the closed form needs, four numbers at a time.
;; Partial sums are float32 over at most 512 numbers and go into float64 then.
(module
  (memory (export "memory") 1)

  (func $total (param $sum f64) (param $part v128) (result f64)
    (f64.add
      (local.get $sum)
      (f64.add
        (f64.add
          (f64.promote_f32 (f32x4.extract_lane 0 (local.get $part)))
          (f64.promote_f32 (f32x4.extract_lane 1 (local.get $part))))
        (f64.add
          (f64.promote_f32 (f32x4.extract_lane 2 (local.get $part)))
          (f64.promote_f32 (f32x4.extract_lane 3 (local.get $part)))))))

  ;; $value: [planes, rows, length]; $reference: [planes, rows + 1, length + step], its first row and first pixel repeat the last.
  ;; $result: five float64: squares, same, right, down, both. $length and $step count numbers, pointers count bytes.
  (func (export "products")
    (param $value i32) (param $reference i32) (param $planes i32) (param $rows i32) (param $length i32) (param $step i32) (param $result i32)
    (local $row i32) (local $left i32) (local $count i32) (local $pending i32)
    (local $stepBytes i32) (local $above i32) (local $level i32)
    (local $mask v128) (local $v v128)
    (local $p0 v128) (local $p1 v128) (local $p2 v128) (local $p3 v128) (local $p4 v128)
    (local $s0 f64) (local $s1 f64) (local $s2 f64) (local $s3 f64) (local $s4 f64)

    (local.set $stepBytes (i32.shl (local.get $step) (i32.const 2)))
    ;; All ones in the lanes that the last, incomplete group of a row has.
    (local.set $mask
      (i32x4.lt_s
        (v128.const i32x4 0 1 2 3)
        (i32x4.splat (i32.and (local.get $length) (i32.const 3)))))
    (local.set $above (local.get $reference))

    (block $donePlanes
      (loop $nextPlane
        (br_if $donePlanes (i32.eqz (local.get $planes)))
        (local.set $row (local.get $rows))
        (local.set $level
          (i32.add (local.get $above) (i32.add (i32.shl (local.get $length) (i32.const 2)) (local.get $stepBytes))))
        (block $doneRows
          (loop $nextRow
            (br_if $doneRows (i32.eqz (local.get $row)))
            (local.set $left (local.get $length))
            (block $doneGroups
              (loop $nextGroups
                (br_if $doneGroups (i32.eqz (local.get $left)))
                (if (i32.ge_s (local.get $left) (i32.const 4))
                  (then
                    (local.set $count
                      (select (i32.const 512) (i32.and (local.get $left) (i32.const -4)) (i32.gt_s (local.get $left) (i32.const 512))))
                    (local.set $left (i32.sub (local.get $left) (local.get $count)))
                    (local.set $pending (i32.add (local.get $pending) (local.get $count)))
                    (loop $nextGroup
                      (local.set $v (v128.load (local.get $value)))
                      (local.set $p0 (f32x4.add (local.get $p0) (f32x4.mul (local.get $v) (local.get $v))))
                      (local.set $p1 (f32x4.add (local.get $p1) (f32x4.mul (local.get $v) (v128.load (i32.add (local.get $level) (local.get $stepBytes))))))
                      (local.set $p2 (f32x4.add (local.get $p2) (f32x4.mul (local.get $v) (v128.load (local.get $level)))))
                      (local.set $p3 (f32x4.add (local.get $p3) (f32x4.mul (local.get $v) (v128.load (i32.add (local.get $above) (local.get $stepBytes))))))
                      (local.set $p4 (f32x4.add (local.get $p4) (f32x4.mul (local.get $v) (v128.load (local.get $above)))))
                      (local.set $value (i32.add (local.get $value) (i32.const 16)))
                      (local.set $level (i32.add (local.get $level) (i32.const 16)))
                      (local.set $above (i32.add (local.get $above) (i32.const 16)))
                      (local.set $count (i32.sub (local.get $count) (i32.const 4)))
                      (br_if $nextGroup (local.get $count))))
                  (else
                    (local.set $v (v128.and (local.get $mask) (v128.load (local.get $value))))
                    (local.set $p0 (f32x4.add (local.get $p0) (f32x4.mul (local.get $v) (local.get $v))))
                    (local.set $p1 (f32x4.add (local.get $p1) (f32x4.mul (local.get $v) (v128.and (local.get $mask) (v128.load (i32.add (local.get $level) (local.get $stepBytes)))))))
                    (local.set $p2 (f32x4.add (local.get $p2) (f32x4.mul (local.get $v) (v128.and (local.get $mask) (v128.load (local.get $level))))))
                    (local.set $p3 (f32x4.add (local.get $p3) (f32x4.mul (local.get $v) (v128.and (local.get $mask) (v128.load (i32.add (local.get $above) (local.get $stepBytes)))))))
                    (local.set $p4 (f32x4.add (local.get $p4) (f32x4.mul (local.get $v) (v128.and (local.get $mask) (v128.load (local.get $above))))))
                    (local.set $pending (i32.add (local.get $pending) (i32.const 4)))
                    (local.set $left (i32.shl (local.get $left) (i32.const 2)))
                    (local.set $value (i32.add (local.get $value) (local.get $left)))
                    (local.set $level (i32.add (local.get $level) (local.get $left)))
                    (local.set $above (i32.add (local.get $above) (local.get $left)))
                    (local.set $left (i32.const 0))))
                (if (i32.ge_s (local.get $pending) (i32.const 512))
                  (then
                    (local.set $s0 (call $total (local.get $s0) (local.get $p0)))
                    (local.set $s1 (call $total (local.get $s1) (local.get $p1)))
                    (local.set $s2 (call $total (local.get $s2) (local.get $p2)))
                    (local.set $s3 (call $total (local.get $s3) (local.get $p3)))
                    (local.set $s4 (call $total (local.get $s4) (local.get $p4)))
                    (local.set $p0 (v128.const i32x4 0 0 0 0))
                    (local.set $p1 (v128.const i32x4 0 0 0 0))
                    (local.set $p2 (v128.const i32x4 0 0 0 0))
                    (local.set $p3 (v128.const i32x4 0 0 0 0))
                    (local.set $p4 (v128.const i32x4 0 0 0 0))
                    (local.set $pending (i32.const 0))))
                (br $nextGroups)))
            ;; Past the first pixel of the next row, which the value does not have.
            (local.set $level (i32.add (local.get $level) (local.get $stepBytes)))
            (local.set $above (i32.add (local.get $above) (local.get $stepBytes)))
            (local.set $row (i32.sub (local.get $row) (i32.const 1)))
            (br $nextRow)))
        ;; A plane of the reference has one row more.
        (local.set $above (local.get $level))
        (local.set $planes (i32.sub (local.get $planes) (i32.const 1)))
        (br $nextPlane)))

    (f64.store (local.get $result) (call $total (local.get $s0) (local.get $p0)))
    (f64.store offset=8 (local.get $result) (call $total (local.get $s1) (local.get $p1)))
    (f64.store offset=16 (local.get $result) (call $total (local.get $s2) (local.get $p2)))
    (f64.store offset=24 (local.get $result) (call $total (local.get $s3) (local.get $p3)))
    (f64.store offset=32 (local.get $result) (call $total (local.get $s4) (local.get $p4)))))

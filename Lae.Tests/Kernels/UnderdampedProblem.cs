using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>The kinds of mass that a problem can have.</summary>
public enum MassKind
{
    Identity,
    Diagonal,
    Dense,
}

/// <summary>
/// A generated Gaussian target N(m, T A⁻¹) with a step size, a mass M and a friction, and what a splitting does on it by closed formulas in MathNet's arithmetic: the one-step map as the product of the
/// matrices of its substeps, the stationary law of the five words of the literature. Relative is h ω_max, Damping is γ h. T is never 1.
/// </summary>
public sealed record UnderdampedProblem(int Dimension, double Condition, double Scale, double Relative, double Damping, double Temperature, MassKind Kind, int Seed)
{
    private Matrix<double>? precision;
    private Matrix<double>? mass;

    public static IReadOnlyList<string> Words { get; } = ["BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA"];

    public static Gen<UnderdampedProblem> All { get; } =
        from dimension in Gen.Choose(1, 4)
        from condition in Gen.Choose(0, 2000)
        from scale in Gen.Choose(-700, 700)
        from relative in Gen.Choose(100, 1899)
        from damping in Gen.Choose(-2000, 1700)
        from hot in Gen.Elements(-1, 1)
        from temperature in Gen.Choose(100, 1000)
        from kind in Gen.Elements(MassKind.Identity, MassKind.Diagonal, MassKind.Dense)
        from seed in Gen.Choose(0, 1_000_000)
        select new UnderdampedProblem(
            dimension,
            Math.Pow(10, condition / 1000.0),
            Math.Pow(10, scale / 1000.0),
            relative / 1000.0,
            Math.Pow(10, damping / 1000.0),
            Math.Pow(10, hot * temperature / 1000.0),
            kind,
            seed);

    /// <summary>Words of 2 to 7 letters with an A, a B and an O.</summary>
    public static Gen<string> AnyWord { get; } =
        from length in Gen.Choose(3, 7)
        from letters in Gen.Elements('A', 'B', 'O').ArrayOf(length)
        let word = new string(letters)
        select word.Distinct().Count() == 3 ? word : word + "BOA";

    /// <summary>A, with eigenvalues from scale to scale · condition.</summary>
    public Matrix<double> Precision => precision ??= Positive(Dimension, Scale, Scale * Condition, Seed);

    /// <summary>M.</summary>
    public Matrix<double> Mass => mass ??= Kind switch
    {
        MassKind.Identity => Matrix<double>.Build.DenseIdentity(Dimension),
        MassKind.Diagonal => Matrix<double>.Build.DiagonalOfDiagonalVector(Normals(Seed + 1, 1, Dimension).Row(0).PointwiseExp()),
        _ => Positive(Dimension, 0.4, 4, Seed + 2),
    };

    public Vector<double> Mean => 3 * Normals(Seed + 3, 1, Dimension).Row(0);

    /// <summary>h, so that h² times the largest eigenvalue of M⁻¹ A is the squared relative step size.</summary>
    public double StepSize
    {
        get
        {
            Matrix<double> inverseRoot = Mass.Cholesky().Factor.Inverse();
            return Relative / Math.Sqrt((inverseRoot * Precision * inverseRoot.Transpose()).Evd(Symmetricity.Symmetric).EigenValues.Real().Maximum());
        }
    }

    public double Friction => Damping / StepSize;

    public Target Target => GaussianTarget.Dense(Tensor.FromArray(Mean.ToArray()), ToTensor(Precision));

    public UnderdampedSettings Settings => SettingsWith(Friction, Temperature);

    /// <summary>Mean m of positions, 0 of momenta.</summary>
    public Tensor StationaryMean => Tensor.FromArray([.. Mean, .. new double[Dimension]]);

    public UnderdampedSettings SettingsWith(double friction, double temperature) => new(StepSize, friction, temperature, MassMatrix());

    public MassMatrix MassMatrix() => Kind switch
    {
        MassKind.Identity => Lae.Kernels.MassMatrix.Identity,
        MassKind.Diagonal => Lae.Kernels.MassMatrix.Diagonal(Tensor.FromArray(Mass.Diagonal().ToArray())),
        _ => Lae.Kernels.MassMatrix.Dense(ToTensor(Mass)),
    };

    public Kernel<UnderdampedState> Kernel(string word) => Splitting.Create(Target, word, Settings);

    /// <summary>B and C Cᵀ of one step: the product of the matrices of the substeps, the noise of each O carried on by those that follow.</summary>
    public (Matrix<double> State, Matrix<double> NoiseCovariance) OneStep(string word)
    {
        Matrix<double> one = Matrix<double>.Build.DenseIdentity(Dimension);
        Matrix<double> zero = Matrix<double>.Build.Dense(Dimension, Dimension);
        Matrix<double> state = Matrix<double>.Build.DenseIdentity(2 * Dimension);
        Matrix<double> noise = Matrix<double>.Build.Dense(2 * Dimension, 2 * Dimension);
        foreach (char letter in word)
        {
            double tau = StepSize / word.Count(other => other == letter);
            double c = Math.Exp(-Friction * tau);
            Matrix<double> substep = letter switch
            {
                'A' => Blocks(one, tau * Mass.Inverse(), zero, one),
                'B' => Blocks(one, zero, -tau * Precision, one),
                _ => Blocks(one, zero, zero, c * one),
            };
            state = substep * state;
            noise = substep * noise * substep.Transpose();
            noise += letter == 'O' ? Blocks(zero, zero, zero, (1 - (c * c)) * Temperature * Mass) : 0 * noise;
        }

        return (state, noise);
    }

    /// <summary>The stationary covariance of position and momentum, by the table of the literature.</summary>
    public Matrix<double> StationaryCovariance(string word)
    {
        double quarter = StepSize * StepSize / 4;
        Matrix<double> exact = Precision.Inverse();
        Matrix<double> inverseMass = Mass.Inverse();
        Matrix<double> position = word switch
        {
            "OBABO" => (Precision - (quarter * Precision * inverseMass * Precision)).Inverse(),
            "OABAO" => exact - (quarter * inverseMass),
            _ => exact,
        };
        Matrix<double> momentum = word switch
        {
            "BAOAB" => Mass - (quarter * Precision),
            "ABOBA" => (inverseMass - (quarter * inverseMass * Precision * inverseMass)).Inverse(),
            _ => Mass,
        };
        Matrix<double> cross = (word == "BAOA" ? StepSize / 2 : 0) * Matrix<double>.Build.DenseIdentity(Dimension);
        Matrix<double> all = Temperature * Blocks(position, cross, cross, momentum);
        return 0.5 * (all + all.Transpose());
    }

    public static Matrix<double> Blocks(Matrix<double> xx, Matrix<double> xp, Matrix<double> px, Matrix<double> pp) =>
        Matrix<double>.Build.DenseOfMatrixArray(new[,] { { xx, xp }, { px, pp } });
}
